"""What can be wrong with a whole file."""

from __future__ import annotations


class RejectedFileError(Exception):
    """A file of which nothing is loaded; the message names reason, line and cure."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)


class IngestError(RuntimeError):
    """Loading cannot go on at all: a contract and the warehouse do not fit."""


class NoRecordsError(Exception):
    """The source answered that there was nothing to extract; that is no fault."""
