"""Which runs are alive: each holds a lock of its own, which the system takes from a killed one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from orchestration.settings import Settings

_ENDED = "ended"
_DRAFT = ".new"


@contextmanager
def sign_of_life(settings: Settings, run_id: str) -> Iterator[None]:
    """Show that a run is alive while the block lasts, and that it ended when it is left."""
    file = _file(settings, run_id)
    draft = file.with_name(f"{run_id}{_DRAFT}")
    file.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("w", encoding="ascii") as sign:
        fcntl.flock(sign, fcntl.LOCK_EX)
        draft.replace(file)  # it appears locked
        try:
            yield
        finally:
            sign.write(_ENDED)
            sign.flush()


def state_of(settings: Settings, run_id: str) -> Literal["unknown", "alive", "ended", "killed"]:
    """What became of a run's process; 'unknown' when it never gave a sign."""
    try:
        with _file(settings, run_id).open(encoding="ascii") as sign:
            fcntl.flock(sign, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return "ended" if sign.read() == _ENDED else "killed"
    except FileNotFoundError:
        return "unknown"
    except BlockingIOError:
        return "alive"


def forget_signs(settings: Settings, except_of: set[str]) -> None:
    """Remove what runs that are not alive left, but for these runs."""
    for file in _folder(settings).glob("*"):
        of_run = file.name not in except_of and file.suffix != _DRAFT
        if of_run and state_of(settings, file.name) != "alive":
            file.unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.warehouse_file.parent / "runs"


def _file(settings: Settings, run_id: str) -> Path:
    return _folder(settings) / run_id
