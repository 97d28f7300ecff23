"""The working warehouse: one DuckDB file that has one writer at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import duckdb

from orchestration.settings import Settings

_Opened = TypeVar("_Opened")


class WarehouseBusyError(RuntimeError):
    """Another process holds the warehouse; the message says which and what to do."""


class WarehouseDamagedError(RuntimeError):
    """The warehouse does not open; the message says why and what to do."""


class NoWarehouseError(RuntimeError):
    """There is no warehouse yet; the message says what makes one."""


@contextmanager
def reserve_warehouse(
    settings: Settings, *, tell: Callable[[str], None], wait_seconds: float = 4 * 3600.0
) -> Iterator[None]:
    """Keep other runs out of the warehouse for a whole run, also between its steps.

    Without it a second run could change what the first has checked but not yet published. A run
    that ends in whatever way, killed included, gives the reservation up.

    Args:
        settings: where the warehouse is.
        tell: told, once, whom there is to wait for.
        wait_seconds: how long to wait for another run.

    Raises:
        WarehouseBusyError: the other run had not ended after ``wait_seconds``.
    """
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    with _reservation(settings).open("a+", encoding="utf-8") as reservation:
        _lock(reservation, f"{settings.warehouse_file} is in use", tell, wait_seconds)
        reservation.truncate(0)
        reservation.write(f"process {os.getpid()}")
        reservation.flush()
        yield


def reservation_holder(settings: Settings) -> str | None:
    """The run that has the warehouse reserved, as 'process <number>'; None when none has."""
    try:
        with _reservation(settings).open(encoding="utf-8") as reservation:
            try:
                fcntl.flock(reservation, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return reservation.read() or "another process"
    except FileNotFoundError:
        pass
    return None


def _reservation(settings: Settings) -> Path:
    return settings.warehouse_file.with_name("reservation")


def _lock(
    reservation: IO[str], busy: str, tell: Callable[[str], None], wait_seconds: float
) -> None:
    give_up_at, told = time.monotonic() + wait_seconds, False
    while True:
        try:
            fcntl.flock(reservation, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            reservation.seek(0)
            holder = reservation.read() or "another process"
            if time.monotonic() >= give_up_at:
                raise WarehouseBusyError(
                    f"{busy} by the run of {holder}; try again when it has ended"
                ) from error
            if not told:
                tell(f"Waiting for the run of {holder} to end ...")
                told = True
            time.sleep(0.5)
        else:
            return


@contextmanager
def open_warehouse(
    settings: Settings, *, wait_seconds: float = 60.0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing, making its folder and file when they are not there.

    Times are UTC on the connection. It is closed, with everything checkpointed, on leaving.

    Raises:
        WarehouseBusyError: another process still held the file after ``wait_seconds``.
        WarehouseDamagedError: it is no database, or the log beside it is of another one.
    """
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    with _connected(settings, wait_seconds, read_only=False) as connection:
        yield connection


@contextmanager
def read_warehouse(
    settings: Settings, *, wait_seconds: float = 60.0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for looking at it; nothing can be changed. Times are UTC.

    Raises:
        NoWarehouseError: nothing was ever loaded.
        WarehouseBusyError: another process still held the file after ``wait_seconds``.
        WarehouseDamagedError: it is no database, or the log beside it is of another one.
    """
    if not settings.warehouse_file.exists():
        raise NoWarehouseError(
            f"{settings.warehouse_file} does not exist: nothing was loaded yet, `salesops ingest`"
            " does it"
        )
    with _connected(settings, wait_seconds, read_only=True) as connection:
        yield connection


def attach_warehouse(
    connection: duckdb.DuckDBPyConnection, settings: Settings, *, wait_seconds: float = 60.0
) -> None:
    """Make the warehouse readable, as the catalog ``original``, beside another database.

    Raises:
        WarehouseBusyError: another process still held the file after ``wait_seconds``.
    """
    path = str(settings.warehouse_file).replace("'", "''")
    statement = f"attach '{path}' as original (read_only)"
    _when_free(settings, wait_seconds, lambda: connection.execute(statement))


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that is written inside, or, when it raises, nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def _connected(
    settings: Settings, wait_seconds: float, *, read_only: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {}
    if settings.memory_limit:
        config["memory_limit"] = settings.memory_limit
    file = settings.warehouse_file

    def connect() -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(file), read_only=read_only, config=config)

    try:
        connection = _when_free(settings, wait_seconds, connect)
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise WarehouseDamagedError(
            f"{file} does not open: {reason}. `salesops doctor` says what to do"
        ) from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def _when_free(settings: Settings, wait_seconds: float, action: Callable[[], _Opened]) -> _Opened:
    """Do what needs the warehouse file as soon as no other process has it."""
    give_up_at = time.monotonic() + wait_seconds
    while True:
        try:
            return action()
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise
            if time.monotonic() >= give_up_at:
                raise WarehouseBusyError(
                    f"{settings.warehouse_file} is in use by another process. Wait for that run to"
                    f" end, or close the program that has it open, and try again. ({error})"
                ) from error
            time.sleep(0.5)
