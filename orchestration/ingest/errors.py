"""What can be wrong with a whole file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


class RejectedFileError(Exception):
    """A file of which nothing is loaded; the message names reason, line and cure."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)


class IngestError(RuntimeError):
    """Loading cannot go on at all: a contract and the warehouse do not fit."""


class NoRecordsError(Exception):
    """The source answered that there was nothing to extract; that is no fault."""


@contextmanager
def damage_rejects() -> Iterator[None]:
    """Turn what a reader says of a damaged file into its rejection, so that others are loaded.

    What the machine lacks, such as memory or disk space, is no fault of the file and goes through.

    Raises:
        RejectedFileError: the file cannot be read.
    """
    try:
        yield
    except (duckdb.OperationalError, duckdb.FatalException, duckdb.InternalException):
        raise
    except (duckdb.Error, zlib.error, OverflowError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise RejectedFileError(f"is damaged, it cannot be read: {reason}") from error
