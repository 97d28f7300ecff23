"""What can be wrong with a whole file."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


class RejectedFileError(Exception):
    """A file of which nothing is loaded; the message names reason, line and cure."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)


class IngestError(RuntimeError):
    """Loading cannot go on at all: the contracts do not fit, or the machine lacks something."""


class NoRecordsError(Exception):
    """The source answered that there was nothing to extract; that is no fault."""


_SYSTEM_FAULTS = tuple(os.strerror(number) for number in errno.errorcode)


@contextmanager
def damage_rejects(*places: Path) -> Iterator[None]:
    """Turn what a reader says of a damaged file into its rejection, so that others are loaded.

    What the machine lacks, such as memory or disk space, is no fault of the file and goes through.

    Args:
        places: the file, and the folder that what is made of it is read from.

    Raises:
        RejectedFileError: the file cannot be read.
    """
    try:
        yield
    except (duckdb.FatalException, duckdb.InternalException):
        raise
    except (duckdb.Error, zlib.error, OverflowError) as error:
        if is_machine_fault(error, *places):
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise RejectedFileError(f"is damaged, it cannot be read: {reason}") from error


@contextmanager
def machine_faults_named(file_name: str) -> Iterator[None]:
    """Say at which file the machine failed.

    Raises:
        IngestError: memory, disk space or something else is lacking.
    """
    try:
        yield
    except (OSError, MemoryError, duckdb.OperationalError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise IngestError(
            f"{file_name}: could not be loaded, through no fault of the file: {reason}. Nothing of"
            " it is loaded; what was loaded before stays. Run again when this is mended"
        ) from error


def is_machine_fault(error: Exception, *places: Path) -> bool:
    """Whether what a reader says is no fault of the files in ``places``, but of the machine."""
    if not isinstance(error, duckdb.OperationalError):
        return False
    said = str(error)
    return not (
        isinstance(error, duckdb.IOException)
        and any(str(place) in said for place in places)
        and not any(fault in said for fault in _SYSTEM_FAULTS)
    )
