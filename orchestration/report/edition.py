"""The published version that a report is made from, and how its figures are to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb
import pandas as pd

from orchestration.company import load_company
from orchestration.formats import Formats
from orchestration.meanings import Meanings, meanings
from orchestration.published import open_published
from orchestration.queries import company
from orchestration.settings import Settings


@dataclass(frozen=True)
class Edition:
    """A published version, open.

    Attributes:
        db: Its connection.
        formats: How figures are written.
    """

    db: duckdb.DuckDBPyConnection
    formats: Formats

    def meaning(self, column: str, of: tuple[str, ...]) -> str:
        """What a column holds, in the words of the first of the tables that has it; else ''."""
        found = (self._meanings.get((table, column)) for table in of)
        return next((said for said in found if said), "")

    def source(self, column: str, of: tuple[str, ...]) -> str:
        """The first of the tables that has a column; '' where none has."""
        return next((table for table in of if self._meanings.get((table, column))), "")

    def about(self, table: str) -> str:
        """What a table holds, a row and all."""
        return self._meanings.get((table, ""), "")

    @cached_property
    def version(self) -> str:
        """The version and when it was published, in words."""
        ((number, published_at),) = self.db.execute(
            "select version, published_at from ops.publication order by version desc limit 1"
        ).fetchall()
        return f"version {number}, published {published_at:%Y-%m-%d %H:%M} UTC"

    @cached_property
    def node(self) -> str | None:
        """Key of the one top of the manager tree; None where it has several, or none."""
        teams = company.teams(self.db)
        tops = list(teams.loc[teams["is_top"].astype(bool), "user_key"])
        return tops[0] if len(tops) == 1 else None

    def named(self, frame: pd.DataFrame, grain: str) -> pd.DataFrame:
        """A frame of periods, with their names instead of their first days."""
        names = company.period_names(self.db)
        of_grain = names[names["period_type"] == grain].set_index("period_start_date")["period"]
        named = frame.drop(columns="period_start_date")
        named.insert(0, "period", frame["period_start_date"].map(of_grain))
        return named

    @cached_property
    def _meanings(self) -> Meanings:
        return meanings(company.meanings(self.db))


@dataclass(frozen=True)
class Span:
    """The period that a report is about, with the month and the fiscal quarter in which it ends."""

    as_of: dt.date
    first: dt.date
    last: dt.date
    month_first: dt.date
    month_last: dt.date
    quarter_first: dt.date
    quarter_last: dt.date


def span_of(found: pd.DataFrame) -> Span | None:
    """The span that a query of `queries.company` found, if any."""
    for row in found.itertuples(index=False):
        return Span(*(day.date() for day in row))
    return None


@contextmanager
def newest_edition(settings: Settings) -> Iterator[Edition]:
    """The newest published version.

    Raises:
        NotPublishedError: nothing was published yet.
        CompanyError: the company file cannot be used.
    """
    currency = load_company(settings).reporting_currency
    with open_published(settings) as db:
        yield Edition(db, Formats(currency, currency))
