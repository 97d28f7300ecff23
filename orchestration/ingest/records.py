"""What every form of file comes down to: records of text columns, and the line of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from duckdb import DuckDBPyConnection

from orchestration.ingest import sql
from orchestration.ingest.layout import Layout


@dataclass(frozen=True)
class RefusedRecord:
    """A record that is no row at all, so that it is not among those that are read."""

    line: int  # physical line where it begins
    raw_text: str
    reason: str


@dataclass(frozen=True)
class LineShift:
    """From this record on, ``line = ordinal + shift``; ordinals of read records count from 0."""

    from_ordinal: int
    shift: int


@dataclass(frozen=True)
class Places:
    """Where the records of a file are."""

    shifts: tuple[LineShift, ...]  # of those that were read, in their order; never empty
    refused: tuple[RefusedRecord, ...] = ()


class Records(Protocol):
    """A file whose columns are known and whose records can be read."""

    @property
    def layout(self) -> Layout:
        """Its columns."""

    @property
    def is_ascii(self) -> bool:
        """Whether it surely holds no character beyond ASCII."""

    @property
    def has_control_characters(self) -> bool:
        """Whether it may hold control characters other than tabs and line ends."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is strange about the file as a whole."""

    @property
    def raw_record(self) -> str:
        """SQL of the record as it stands in the file, over the columns of ``select``."""

    @property
    def problem(self) -> str:
        """SQL of why a record is no row, over the columns of ``select``; NULL when it is one."""

    def select(self) -> str:
        """SQL that reads the records in their order, with the text columns '#0', '#1'..."""

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:
        """Where the ``read`` records of the last reading are, and what it refused.

        Raises:
            RejectedFileError: what it refused makes the whole file unusable.
        """


def raw_column(place: int) -> str:
    """The column that holds the text at this place of a record as it was read."""
    return sql.name(f"#{place}")


def joined_record(width: int, delimiter: str) -> str:
    """SQL of the text columns as one record of CSV."""
    special = sql.text(f'[{re.escape(delimiter)}"\r\n]')
    values = ", ".join(f"coalesce({raw_column(place)}, '')" for place in range(width))
    quoted = "'\"' || replace(value, '\"', '\"\"') || '\"'"
    return (
        f"array_to_string(list_transform([{values}], lambda value: case when"
        f" regexp_matches(value, {special}) then {quoted} else value end), {sql.text(delimiter)})"
    )


def shifts_around(lines: Sequence[int], first: int) -> tuple[LineShift, ...]:
    """Shifts when every line from ``first`` on is a record, but for these, in ascending order."""
    shifts = [LineShift(0, first)]
    for passed, line in enumerate(lines):
        ordinal, shift = line - first - passed, first + passed + 1
        if shifts[-1].from_ordinal == ordinal:
            shifts.pop()
        shifts.append(LineShift(ordinal, shift))
    return tuple(shifts)
