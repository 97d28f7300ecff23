"""Parquet: values that are typed already are judged by their text like all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.errors import RejectedFileError, is_machine_fault
from orchestration.ingest.layout import Layout, match_header
from orchestration.ingest.records import LineShift, Places, raw_column, record_of


@dataclass(frozen=True)
class ParquetRecords:
    """A Parquet file whose columns are known; the line of a record is its ordinal."""

    path: Path
    names: tuple[str, ...]
    layout: Layout
    file_format: FileFormat

    @property
    def is_ascii(self) -> bool:
        """Nobody knows without reading it."""
        return False

    @property
    def has_control_characters(self) -> bool:
        """Nobody knows without reading it."""
        return True

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is taken for missing columns: a Parquet file that can be opened is complete."""
        return self.layout.notes

    @property
    def delimiter(self) -> str:
        """As the values are kept."""
        return ","

    @property
    def problem(self) -> str:
        """None: every record has all columns."""
        return "null::VARCHAR"

    def select(self) -> str:
        """SQL that reads the values as text."""
        columns = ", ".join(
            f"cast({sql.name(name)} as VARCHAR) as {raw_column(place)}"
            for place, name in enumerate(self.names)
        )
        return f"select {columns} from {_read(self.path)}"

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:  # noqa: ARG002
        """The first record is line 1."""
        return Places((LineShift(0, 1),))

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:
        """The values as CSV."""
        columns = ", ".join(raw_column(place) for place in range(self.layout.width))
        found = connection.execute(
            f"""
            select {columns}
            from (select *, row_number() over () as line from ({self.select()}))
            where line in (select unnest(?::BIGINT[]))
            order by line
            """,
            [list(lines)],
        )
        return map(record_of, found.fetchall())


def open_parquet(
    connection: DuckDBPyConnection, path: Path, file_format: FileFormat, contract: Contract
) -> ParquetRecords:
    """Read the names of the columns and match them with the contract.

    Raises:
        RejectedFileError: the file is damaged or lacks a required column.
    """
    names = _names_after_trial(connection, path)
    layout = match_header(names, contract, file_format.ignored_columns)
    return ParquetRecords(path, names, layout, file_format)


def _names_after_trial(connection: DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """The names of the columns, once every value was decoded in a database aside.

    Some damage is only found as an internal error of the reader, after which a database can no
    longer be used: that must not be the warehouse.
    """
    limit = connection.execute("select current_setting('memory_limit')").fetchall()[0][0]
    with duckdb.connect(":memory:", config={"memory_limit": limit}) as aside:
        try:
            described = aside.execute(f"describe select * from {_read(path)}").fetchall()
            aside.execute(
                f"select bit_xor(hash(columns(*)::VARCHAR)) from {_read(path)}"
            ).fetchall()
        except duckdb.Error as error:
            if is_machine_fault(error, path):
                raise
            problem = str(error).splitlines()[0]
            raise RejectedFileError(f"is no Parquet file, or a damaged one: {problem}") from error
    return tuple(str(column[0]) for column in described)


def _read(path: Path) -> str:
    return f"read_parquet({sql.path(path)}, hive_partitioning = false)"
