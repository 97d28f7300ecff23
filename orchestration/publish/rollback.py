"""Readers taken back to an earlier version, and kept there until somebody ends it.

What made people go back is mostly still in the extracts or models, so later runs make their
versions and keep them aside; readers see them when the rollback is ended. Every rollback is on
record in ``published/rollbacks.json`` and, from the next version on, in ``ops.rollback``.
"""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, TypeAdapter

from orchestration.publish.manifest import Manifest
from orchestration.publish.versions import VersionStore

LOG_NAME = "rollbacks.json"


class RollbackError(RuntimeError):
    """There is nothing to go back to, or to end; the message says what there is."""


class Rollback(BaseModel):
    """One rollback; it stands while ``ended_at`` is None. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    version: int
    from_version: int | None
    rolled_back_at: dt.datetime
    ended_at: dt.datetime | None = None


_LOG = TypeAdapter(tuple[Rollback, ...])


def rollbacks(store: VersionStore) -> tuple[Rollback, ...]:
    """All rollbacks on record, oldest first."""
    file = store.published / LOG_NAME
    return _LOG.validate_json(file.read_bytes()) if file.exists() else ()


def standing(store: VersionStore) -> Rollback | None:
    """The rollback that readers are kept by."""
    log = rollbacks(store)
    return log[-1] if log and log[-1].ended_at is None else None


def roll_back(store: VersionStore, version: int | None = None) -> Manifest:
    """Take readers to an earlier version, in one atomic step, and keep them there.

    Args:
        store: The published versions.
        version: Which; unset, the newest whole one before the version that readers see.

    Returns:
        The manifest of what readers see now.

    Raises:
        RollbackError: there is no such version, or it is not as it was written.
        StaleLogError: a write-ahead log lies beside a published database.
    """
    with store.exclusive():
        store.refuse_stale_logs()
        current = store.current_number()
        chosen = _whole(store, version) if version else _newest_before(store, current)
        began = Rollback(version=chosen.version, from_version=current, rolled_back_at=_now())
        # On record first: when the machine stops here, the next publication puts readers right.
        _write(store, (*_ended(store), began))
        store.switch_to(chosen.version)
    return chosen


def end_rollback(store: VersionStore) -> Manifest:
    """Take readers to the newest whole version, and let later publications show theirs.

    Raises:
        RollbackError: no rollback stands, or no version is whole.
    """
    with store.exclusive():
        if standing(store) is None:
            raise RollbackError("no rollback stands: readers see the newest version")
        newest = store.newest_intact()
        if newest is None:
            raise RollbackError("no version is whole: `salesops run` makes a new one")
        record_end(store)
        store.switch_to(newest.version)
    return newest


def record_end(store: VersionStore) -> None:
    """Put down that no rollback stands any more."""
    _write(store, _ended(store))


def _whole(store: VersionStore, version: int) -> Manifest:
    if version not in store.numbers():
        kept = ", ".join(map(str, store.numbers())) or "none"
        raise RollbackError(f"version {version} is not kept; these are: {kept}")
    manifest = store.intact(version)
    if manifest is None:
        raise RollbackError(
            f"version {version} is not as its manifest says: `salesops doctor` names the files"
        )
    return manifest


def _newest_before(store: VersionStore, current: int | None) -> Manifest:
    if current is None:
        raise RollbackError("nothing is published yet; `salesops run` publishes")
    earlier = [number for number in store.numbers() if number < current]
    found = next((m for number in reversed(earlier) if (m := store.intact(number))), None)
    if found is None:
        raise RollbackError(f"no whole version before version {current} is kept")
    return found


def _ended(store: VersionStore) -> tuple[Rollback, ...]:
    return tuple(
        rollback if rollback.ended_at else rollback.model_copy(update={"ended_at": _now()})
        for rollback in rollbacks(store)
    )


def _write(store: VersionStore, log: tuple[Rollback, ...]) -> None:
    store.write(LOG_NAME, _LOG.dump_json(log, indent=2) + b"\n")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
