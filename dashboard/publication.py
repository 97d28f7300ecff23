"""The published version that the pages show, opened once for all who look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate

import duckdb
import pandas as pd
import streamlit as st

from orchestration.published import open_published
from orchestration.settings import Settings

KEPT_OPEN = 3
"""Versions open at a time: a page that began on one may end on it while newer ones come."""


@dataclass(frozen=True)
class Publication:
    """A published version.

    Attributes:
        file: The version's own file, which no other version ever has.
    """

    file: Path
    _connection: duckdb.DuckDBPyConnection

    def read(
        self,
        query: Callable[Concatenate[duckdb.DuckDBPyConnection, ...], pd.DataFrame],
        **values: Any,
    ) -> pd.DataFrame:
        """The rows of one of the queries in `orchestration.queries`; asked again, from memory.

        Raises:
            duckdb.CatalogException: this version lacks a table that the query reads.
            duckdb.BinderException: it lacks a column.
        """
        name = f"{query.__module__}.{query.__qualname__}"
        return _rows(
            str(self.file), name, values, lambda: query(self._connection.cursor(), **values)
        )


def newest() -> Publication:
    """The newest published version.

    Raises:
        NotPublishedError: nothing was published yet.
    """
    while (publication := _opened(file := newest_file())).file != file:
        _opened.clear(file)  # another one took its place while it was opened
    return publication


def newest_file() -> Path:
    """Where the newest version lies; a file that does not exist before the first publication."""
    return Settings().published_file.resolve()


@st.cache_resource(max_entries=KEPT_OPEN, show_spinner=False)
def _opened(file: Path) -> Publication:
    del file  # decides whether this is asked again
    connection = open_published()
    (opened,) = connection.execute(
        "select path from duckdb_databases() where path is not null"
    ).fetchall()
    return Publication(Path(opened[0]), connection)


@st.cache_data(max_entries=500, show_spinner=False)
def _rows(
    file: str, query: str, values: dict[str, Any], _ask: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    del file, query, values  # decide whether this is asked again
    return _ask()
