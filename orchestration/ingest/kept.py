"""Records of a file that were kept in quarantine, read again from their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from orchestration.contracts import FileFormat
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.layout import Layout
from orchestration.ingest.records import Places, Records, shifts_at


@dataclass(frozen=True)
class KeptRecords:
    """Records that are read from their kept text, but lie where they were first read."""

    read: Records
    text_by_line: Mapping[int, str]  # in the order of the lines

    @property
    def layout(self) -> Layout:
        """As the file had it."""
        return self.read.layout

    @property
    def file_format(self) -> FileFormat:
        """As found in the kept text."""
        return self.read.file_format

    @property
    def is_ascii(self) -> bool:
        """Of the kept text."""
        return self.read.is_ascii

    @property
    def has_control_characters(self) -> bool:
        """Of the kept text."""
        return self.read.has_control_characters

    @property
    def warnings(self) -> tuple[str, ...]:
        """None: they were told when the file was read."""
        return ()

    @property
    def problem(self) -> str:
        """As for any other records of this form."""
        return self.read.problem

    @property
    def delimiter(self) -> str | None:
        """As it was."""
        return self.read.delimiter

    def select(self) -> str:
        """As for any other records of this form."""
        return self.read.select()

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:
        """The lines in which they were first read."""
        if self.read.places(connection, read).refused or read != len(self.text_by_line):
            raise RejectedFileError("the kept text is not read as the records that it was")
        return Places(shifts_at(list(self.text_by_line)))

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:  # noqa: ARG002
        """As kept."""
        return (self.text_by_line[line] for line in lines)
