"""How values are written in an extract, and which part of the world an extract sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """What an extract sees: the world as of ``until``; an incremental one what changed since."""

    day: dt.date
    since: dt.datetime | None
    until: dt.datetime

    def holds(self, stamp: dt.datetime) -> bool:
        """Whether an incremental extract has a record that last changed at this moment."""
        return stamp <= self.until and (self.since is None or stamp > self.since)


def stamp_text(moment: dt.datetime | None) -> str:
    """A moment as 2026-05-31T02:00:00.000Z; nothing for None."""
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z" if moment else ""


def day_text(day: dt.date | None) -> str:
    """A day as 2026-05-31; nothing for None."""
    return day.isoformat() if day else ""


def flag_text(flag: bool) -> str:
    """A truth value."""
    return "true" if flag else "false"
