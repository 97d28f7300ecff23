"""The working warehouse: one DuckDB file that has one writer at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration.settings import Settings


class WarehouseBusyError(RuntimeError):
    """Another process holds the warehouse; the message says which and what to do."""


@contextmanager
def open_warehouse(
    settings: Settings, *, wait_seconds: float = 60.0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing, making its folder and file when they are not there.

    Times are UTC on the connection. It is closed, with everything checkpointed, on leaving.

    Raises:
        WarehouseBusyError: another process still held the file after ``wait_seconds``.
    """
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(settings, wait_seconds)
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def _connect(settings: Settings, wait_seconds: float) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {}
    if settings.memory_limit:
        config["memory_limit"] = settings.memory_limit
    give_up_at = time.monotonic() + wait_seconds
    while True:
        try:
            return duckdb.connect(str(settings.warehouse_file), config=config)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() >= give_up_at:
                raise WarehouseBusyError(
                    f"{settings.warehouse_file} is in use by another process. Wait for that run to"
                    f" end, or close the program that has it open, and try again. ({error})"
                ) from error
            time.sleep(0.5)
