"""Who reported to whom and sold where, and who had left, at any moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

COMPANY = ("company", "company")
UNASSIGNED = "unassigned"
"""The rep of deals without an owner, and of everything when all reps have left; the region of reps
without one."""

Moments = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Staff:
    """The users of one epoch, each by their last version."""

    manager_of: dict[str, str]
    managers: frozenset[str]
    region_of: dict[str, str]
    left: frozenset[str]
    """Users seen to have left or to have vanished from the extracts."""
    left_before_read: frozenset[str]
    """Users whose oldest version already says that they left: when, nobody knows."""


class ReportingLines:
    """The manager tree and the regions through time, from the versions of the users.

    ``users`` has one row per user and version: ``user_key``, ``manager_key``, ``region``,
    ``is_active``, ``valid_from``, ``valid_to`` (UTC, half-open; no ``valid_to`` means until now). A
    user's oldest version holds for ever back. Between two changes the tree stands still: such a
    stretch is known by its number, its *epoch*.
    """

    def __init__(self, users: pd.DataFrame) -> None:
        self._versions = users.sort_values(["user_key", "valid_from"], ignore_index=True)
        self._is_oldest = ~self._versions["user_key"].duplicated()
        moments = pd.concat([self._versions["valid_from"], self._versions["valid_to"]])
        self._changes = np.unique(moments.dropna().to_numpy(dtype="datetime64[us]"))
        self._staff: dict[int, Staff] = {}
        self.has_regions = bool(self._versions["region"].notna().any())
        """Whether anybody ever had a region; without any there are none to forecast."""

    def epochs(self, moments: Moments) -> npt.NDArray[np.intp]:
        """The epoch that each moment falls in."""
        return np.searchsorted(self._changes, moments, side="right")

    def epoch(self, moment: pd.Timestamp) -> int:
        """The epoch that one moment falls in."""
        return int(self.epochs(np.array([moment.to_datetime64()]))[0])

    def staff(self, epoch: int) -> Staff:
        """Everybody known in an epoch."""
        if epoch not in self._staff:
            self._staff[epoch] = self._read(epoch)
        return self._staff[epoch]

    def teams_of(self, user_key: str, epoch: int) -> tuple[str, ...]:
        """The managers whose team a user is in, nearest first; a manager is in their own team.

        A circle in the tree ends where it closes.
        """
        manager_of = self.staff(epoch).manager_of
        above: list[str] = []
        manager = manager_of.get(user_key)
        while manager is not None and manager != user_key and manager not in above:
            above.append(manager)
            manager = manager_of.get(manager)
        own = (user_key,) if user_key in self.staff(epoch).managers else ()
        return (*own, *above)

    def region_of(self, user_key: str, epoch: int) -> str:
        """The region a user sells in; `UNASSIGNED` where nobody wrote down which."""
        return self.staff(epoch).region_of.get(user_key, UNASSIGNED)

    def nodes_above(self, user_key: str, epoch: int) -> list[tuple[str, str]]:
        """The nodes that what a rep sells is part of, other than the rep: type and key."""
        nodes = [("team", team) for team in self.teams_of(user_key, epoch)]
        if self.has_regions:
            nodes.append(("region", self.region_of(user_key, epoch)))
        return [COMPANY, *nodes]

    def _read(self, epoch: int) -> Staff:
        moment = self._changes[epoch - 1] if epoch else np.datetime64("0001-01-01", "us")
        versions = self._versions
        begun = self._is_oldest | (versions["valid_from"] <= moment)
        last = versions[begun].drop_duplicates("user_key", keep="last")
        ended = last["valid_to"] <= moment
        inactive = ~last["is_active"].fillna(True).astype(bool)
        unseen = inactive & ~ended & self._is_oldest[last.index]
        managed, placed = last.dropna(subset="manager_key"), last.dropna(subset="region")
        return Staff(
            manager_of=dict(zip(managed["user_key"], managed["manager_key"], strict=True)),
            managers=frozenset(managed["manager_key"]),
            region_of=dict(zip(placed["user_key"], placed["region"], strict=True)),
            left=frozenset(last.loc[(ended | inactive) & ~unseen, "user_key"]),
            left_before_read=frozenset(last.loc[unseen, "user_key"]),
        )
