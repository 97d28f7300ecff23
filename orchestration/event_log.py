"""Where Dagster keeps what happens in runs: its own SQLite files, opened once.

Dagster opens and closes a file several times for every event, and closing one writes it to disk. A
run has three thousand events, most of them of checks: it took a quarter of the sample's run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine, event


class PooledEventLogStorage(SqliteEventLogStorage):
    """Dagster's default storage of events, in the same files, with connections that stay open."""

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> PooledEventLogStorage:
        """Storage in the files that Dagster itself would use below its home, ``base_dir``."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


@lru_cache(maxsize=8)  # one file is the index, the others are of one run each
def _engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _trust_the_machine)
    return engine


def _trust_the_machine(connection: Any, _: Any) -> None:
    """A killed process loses no event, a power failure perhaps the last ones."""
    connection.execute("pragma synchronous = normal")
