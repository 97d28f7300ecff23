"""What every form of file comes down to: records of text columns, and the line of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from duckdb import DuckDBPyConnection

from orchestration.contracts import FileFormat
from orchestration.ingest import sql
from orchestration.ingest.layout import Layout

READABLE = "record_can_be_read"
"""The rule that a record breaks which is no row at all."""


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
    def file_format(self) -> FileFormat:
        """How it is written, in the form that it was found to have."""

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
    def problem(self) -> str:
        """SQL of why a record is no row, over the columns of ``select``; NULL when it is one."""

    @property
    def delimiter(self) -> str | None:
        """What is between the fields of ``texts``; None when each is a JSON object."""

    def select(self) -> str:
        """SQL that reads the records in their order, with the text columns '#0', '#1'..."""

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:
        """Where the ``read`` records of the last reading are, and what it refused.

        Raises:
            RejectedFileError: what it refused makes the whole file unusable.
        """

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:
        """The records that begin in these lines, which ascend, as they stand in the file."""


def raw_column(place: int) -> str:
    """The column that holds the text at this place of a record as it was read."""
    return sql.name(f"#{place}")


def record_of(values: Sequence[str | None], delimiter: str = ",") -> str:
    """Values as one record of CSV, without a line end."""
    record = io.StringIO()
    csv.writer(record, delimiter=delimiter, lineterminator="").writerow(values)
    return record.getvalue()


def shifts_at(lines: Sequence[int]) -> tuple[LineShift, ...]:
    """Shifts of records that begin in these lines, one after the other."""
    shifts: list[LineShift] = []
    for ordinal, line in enumerate(lines):
        if not shifts or shifts[-1].shift != line - ordinal:
            shifts.append(LineShift(ordinal, line - ordinal))
    return tuple(shifts) or (LineShift(0, 1),)


def shifts_around(lines: Sequence[int], first: int) -> tuple[LineShift, ...]:
    """Shifts when every line from ``first`` on is a record, but for these, in ascending order."""
    shifts = [LineShift(0, first)]
    for passed, line in enumerate(lines):
        ordinal, shift = line - first - passed, first + passed + 1
        if shifts[-1].from_ordinal == ordinal:
            shifts.pop()
        shifts.append(LineShift(ordinal, shift))
    return tuple(shifts)
