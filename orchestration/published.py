"""How analysts and dashboards open the published database."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb

from orchestration.settings import Settings


class NotPublishedError(RuntimeError):
    """There is no published database yet."""


def open_published(settings: Settings | None = None) -> duckdb.DuckDBPyConnection:
    """Open the newest published version, for reading only.

    The connection keeps to the version it opened, also when a newer one is published meanwhile; a
    connection opened later sees the newer one. It can read nothing outside the database, write no
    file, and its configuration cannot be changed, so SQL from elsewhere can be run on it. Times
    are UTC.

    Args:
        settings: Where the installation is; unset, what the environment says.

    Raises:
        NotPublishedError: nothing was published yet.
    """
    name = (settings or Settings()).published_file
    file = name.resolve()  # the version's own file: one open version never stands for another
    if not file.is_file():
        raise NotPublishedError(f"{name}: nothing is published yet; `salesops run` publishes")
    spill = Path(tempfile.gettempdir()) / f"salesops-reader-{os.getpid()}"
    connection = duckdb.connect(
        str(file),
        read_only=True,
        config={"enable_external_access": False, "temp_directory": str(spill)},
    )
    (is_locked,) = connection.execute("select current_setting('lock_configuration')").fetchall()[0]
    if not is_locked:  # connections of one process to one version share their configuration
        connection.execute("set global TimeZone = 'UTC'")
        connection.execute("set global lock_configuration = true")
    return connection
