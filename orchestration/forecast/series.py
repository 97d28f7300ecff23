"""The bookings of every rep and month as they were known at an origin.

A won deal counts for its owner as of the close, once for each team and the region of the owner as
these stood at the close, and once for the company: results stay where they were made when people
move. What is still to come is forecast for the tree as it stands at the origin.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.hierarchy import COMPANY, UNASSIGNED, ReportingLines
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.periods import days_left, first_open_month, month_of
from orchestration.forecast.submissions import known_submissions

MAXIMUM_HISTORY_MONTHS = 60
NODE = ["node_type", "node_key"]
KNOWN_MONTHS = [-2, -1, 0]
"""Months whose bookings are part of a forecast of the quarter in progress."""


@dataclass(frozen=True)
class Snapshot:
    """What was known at an origin. Amounts are in the reporting currency.

    ``history`` and ``late`` have a row per rep and a column per complete month, oldest first: all
    bookings of the month, and those that closed with fewer days left in it than the origin's month
    has. ``booked`` has a row per node and a column for the month in progress (0) and the two
    before it (-1, -2), by the tree as of each close.
    """

    origin: dt.date
    history: pd.DataFrame
    late: pd.DataFrame
    booked: pd.DataFrame
    members: dict[tuple[str, str], list[str]]
    """The reps in each node as the tree stands at the origin, a manager in their own team."""
    selling: frozenset[str]
    """The reps who may still sell; the others are part of the history only."""
    since: pd.Series[int]
    """The month in which each rep of the history had the first deal."""
    on_quota: frozenset[str]
    """The reps who have had a quota by now; empty where nobody has one."""
    submitted: pd.DataFrame
    """What users had submitted, see `known_submissions`."""

    @property
    def months(self) -> int:
        """Complete months since the company's first booking."""
        return self.history.shape[1]

    @property
    def nodes(self) -> pd.MultiIndex:
        """The nodes that get a forecast, in the order of every table of theirs."""
        return cast(pd.MultiIndex, self.booked.index)

    @property
    def late_share(self) -> float:
        """The share of a month's bookings, over two years, still to come so late in a month."""
        total = float(self.history.iloc[:, -24:].to_numpy().sum())
        if total <= 0:
            return days_left(self.origin) / (days_left(self.origin) + self.origin.day)
        return float(np.clip(self.late.iloc[:, -24:].to_numpy().sum() / total, 0.0, 1.0))

    def node_of(self, user_key: str) -> tuple[str, str]:
        """The node that a user submits for: a manager's team, or the rep."""
        team = ("team", user_key)
        return team if team in self.members else ("rep", user_key)

    @cached_property
    def sums(self) -> npt.NDArray[np.float64]:
        """A matrix of nodes x reps: 1 where the rep belongs to the node at the origin."""
        column = {rep: number for number, rep in enumerate(self.history.index)}
        matrix = np.zeros((len(self.nodes), len(column)))
        for row, node in enumerate(self.nodes):
            matrix[row, [column[rep] for rep in self.members.get(node, [])]] = 1.0
        return matrix


def end_of(day: dt.date, zone: ZoneInfo) -> pd.Timestamp:
    """The UTC moment at which a business day ends."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return pd.Timestamp(midnight.astimezone(dt.UTC).replace(tzinfo=None))


def known_deals(inputs: Inputs, origin: dt.date) -> pd.DataFrame:
    """The deals booked as of the end of ``origin``, as they were known then."""
    if origin == inputs.as_of:
        return inputs.booked
    moment = end_of(origin, inputs.zone)
    known = inputs.versions
    known = known[(known["known_from"] < moment) & ~(known["known_to"] < moment)]
    booked: pd.DataFrame = known[known["close_date"] <= pd.Timestamp(origin)]
    return booked


def booked_by_node(deals: pd.DataFrame, lines: ReportingLines) -> pd.DataFrame:
    """Bookings by the tree as of each close: a row per node, a column per month with a deal."""
    keyed = deals.assign(epoch=lines.epochs(deals["closed_at"].to_numpy(dtype="datetime64[us]")))
    sums = keyed.groupby(["owner_key", "epoch", "month"], as_index=False)["cents"].sum()
    places = [
        (owner, epoch, *node)
        for owner, epoch in sums[["owner_key", "epoch"]].drop_duplicates().itertuples(index=False)
        for node in [("rep", owner), *lines.nodes_above(owner, epoch)]
    ]
    placed = sums.merge(
        pd.DataFrame(places, columns=["owner_key", "epoch", *NODE]), on=["owner_key", "epoch"]
    )
    cents = placed.pivot_table("cents", NODE, "month", aggfunc="sum", fill_value=0)
    amounts: pd.DataFrame = cents / 100
    return amounts


def snapshot(inputs: Inputs, origin: dt.date) -> Snapshot:
    """Everything that a forecast made at the end of ``origin`` may use, and nothing else."""
    now = month_of(origin)
    deals = known_deals(inputs, origin)
    deals = deals[deals["month"] >= now - MAXIMUM_HISTORY_MONTHS]
    end = first_open_month(origin)
    complete = deals[deals["month"] < end]
    months = pd.RangeIndex(int(complete["month"].min()) if len(complete) else end, end)

    moment = end_of(origin, inputs.zone)
    epoch = inputs.lines.epoch(moment - pd.Timedelta(microseconds=1))
    staff = inputs.lines.staff(epoch)
    left = staff.left | (staff.left_before_read if origin == inputs.as_of else frozenset())
    owned = inputs.first_owned[inputs.first_owned < moment]
    owners = set(owned.index)
    sellers = set(deals["owner_key"])
    selling = ((owners | sellers) - left) or {UNASSIGNED}
    shown = selling | set(deals.loc[deals["month"] >= now - 12, "owner_key"])
    reps = sorted(selling | sellers)

    members: dict[tuple[str, str], list[str]] = {COMPANY: []}
    for rep in reps:
        for node in [("rep", rep), *inputs.lines.nodes_above(rep, epoch)]:
            members.setdefault(node, []).append(rep)

    booked = booked_by_node(deals[deals["month"] >= now + min(KNOWN_MONTHS)], inputs.lines)
    quotas = inputs.plans.quotas
    nodes = {node for node, below in members.items() if shown & set(below)} | {COMPANY}
    return Snapshot(
        origin=origin,
        history=_by_rep(complete, reps, months),
        late=_by_rep(complete[complete["days_left"] < days_left(origin)], reps, months),
        booked=booked.reindex(
            index=pd.MultiIndex.from_tuples(sorted(nodes | set(booked.index)), names=NODE),
            columns=[now + month for month in KNOWN_MONTHS],
            fill_value=0.0,
        ).set_axis(KNOWN_MONTHS, axis=1),
        members=members,
        selling=frozenset(selling),
        since=_since(owned, deals, reps, inputs.zone),
        on_quota=frozenset(quotas.loc[quotas["month"] <= now, "owner_key"]),
        submitted=known_submissions(inputs.submissions, moment),
    )


def _since(
    owned: pd.Series[pd.Timestamp], deals: pd.DataFrame, reps: list[str], zone: ZoneInfo
) -> pd.Series[int]:
    day = owned.dt.tz_localize(dt.UTC).dt.tz_convert(zone).dt
    months = [day.year * 12 + day.month - 1, deals.groupby("owner_key")["month"].min()]
    since: pd.Series[int] = pd.concat([first.reindex(reps) for first in months], axis=1).min(axis=1)
    return since


def _by_rep(deals: pd.DataFrame, reps: list[str], months: pd.RangeIndex) -> pd.DataFrame:
    cents = deals.pivot_table("cents", "owner_key", "month", aggfunc="sum", fill_value=0)
    amounts: pd.DataFrame = cents.reindex(index=reps, columns=months, fill_value=0) / 100
    return amounts
