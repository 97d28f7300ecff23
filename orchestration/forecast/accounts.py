"""What each account should bring: the forecast of its rep, shared among the rep's accounts.

An account is listed that bought in the last two years or has an open deal, and belongs to the rep
of its newest open deal, or else of its last win. What a rep is forecast to book is shared among
them by one of several ways of looking at accounts. What comes from accounts that are not listed
yet, and past origins saw how much that is, or from deals without an account, stays with the rep's
rest, 'none:<rep>'. So accounts and rests add up to the reps, and with them to the company. An
account whose rep left expects nothing until somebody takes it over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.deals import open_on
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.intermittent import croston, pooled_average, reorder_cycle, tsb
from orchestration.forecast.members import STEPS, open_months
from orchestration.forecast.methods import SEASON, SEASONAL_NAIVE, FloatArray
from orchestration.forecast.periods import day_number, days_left, month_of
from orchestration.forecast.pipeline import Expected
from orchestration.forecast.series import KNOWN_MONTHS, Snapshot, known_deals

LISTED_MONTHS = 24
MOST_LISTED = 2_000
"""Accounts listed at most, those with the most bookings and open deals; a run keeps a row for each
of them, period and method."""
OPEN_DEALS = "open deals"
REST = "none:"

Way = Callable[[FloatArray, int], FloatArray]
WAYS_OF_HISTORY: dict[str, Way] = {
    "average": pooled_average,
    "reorder cycle": reorder_cycle,
    "croston": croston,
    "tsb": tsb,
}
WAYS = (*WAYS_OF_HISTORY, SEASONAL_NAIVE, OPEN_DEALS)
"""Ways to share a rep's forecast among accounts."""


@dataclass(frozen=True)
class Accounts:
    """The accounts of an origin and the reps' rests, a row each in every array.

    ``rep`` is the place, among the reps that may still sell, of the one it belongs to; -1 where
    that rep left. ``history`` has a column per complete month, ``late`` those bookings of it that
    closed with fewer days left than the origin's month has, ``booked`` a column for each of
    `KNOWN_MONTHS`, ``from_open`` what open deals should bring in each month from the one in
    progress on.
    """

    keys: pd.Index[str]
    rep: npt.NDArray[np.intp]
    history: FloatArray
    late: FloatArray
    booked: FloatArray
    from_open: FloatArray

    @cached_property
    def is_rest(self) -> npt.NDArray[np.bool_]:
        """Whether it is a rep's rest."""
        return self.keys.str.startswith(REST)

    def places(self, deals: pd.DataFrame) -> npt.NDArray[np.intp]:
        """Where each deal counts: its account where that is listed, else its rep's rest or -1."""
        listed = self.keys.get_indexer(pd.Index(deals["account_key"].fillna("")))
        rests: npt.NDArray[np.intp] = self.keys.get_indexer(pd.Index(REST + deals["owner_key"]))
        return np.where(listed >= 0, listed, rests)

    def sums(self, deals: pd.DataFrame, months: range) -> FloatArray:
        """The bookings of deals by account and month."""
        inside = deals[deals["month"].between(months.start, months.stop - 1)]
        rows, columns = self.places(inside), inside["month"].to_numpy() - months.start
        cents = np.zeros((len(self.keys), len(months)))
        kept = rows >= 0
        np.add.at(cents, (rows[kept], columns[kept]), inside["cents"].to_numpy()[kept])
        return cents / 100


def accounts_of(
    inputs: Inputs, now: Snapshot, known: pd.DataFrame, expected: Expected | None
) -> Accounts:
    """The accounts known at an origin, with nothing later than it.

    Args:
        inputs: What was read from the marts.
        now: What is known at the origin.
        known: The deals, `known_by` the origin.
        expected: What the deals should bring; None where too few had closed to say.
    """
    deals = known_deals(inputs, now.origin)
    month, day = month_of(now.origin), day_number(now.origin)
    recent = deals[deals["month"] >= month - LISTED_MONTHS]
    opened = open_on(known, day).dropna(subset="account_key")
    owner = _last_owner(deals, "close_date") | _last_owner(opened, "created_day")
    listed = _largest(pd.concat([recent, opened])[["account_key", "cents"]])
    owners = sorted({*now.history.index, *deals["owner_key"]})
    keys = pd.Index([*listed, *(REST + rep for rep in owners)], dtype=object)
    reps = pd.Index(sorted(now.selling))
    rep = reps.get_indexer(pd.Index([*(owner[key] for key in listed), *owners]))
    blank = np.zeros((len(keys), 0))
    bare = Accounts(keys, rep, blank, blank, blank, blank)
    complete = now.history.columns
    months = range(int(complete[0]), int(complete[-1]) + 1) if len(complete) else range(0)
    late = deals[deals["days_left"] < days_left(now.origin)]
    from_open = np.zeros((len(keys), STEPS))
    if expected is not None:
        found = expected.from_open_accounts.reindex(keys, fill_value=0.0)
        from_open = found.to_numpy(dtype=float)
    return Accounts(
        keys=keys,
        rep=rep,
        history=bare.sums(deals, months),
        late=bare.sums(late, months),
        booked=bare.sums(deals, range(month + min(KNOWN_MONTHS), month + 1)),
        from_open=from_open,
    )


def _largest(deals: pd.DataFrame) -> list[str]:
    sums = deals.fillna({"cents": 0}).groupby("account_key")["cents"].sum().sort_index()
    return sorted(sums.sort_values(ascending=False, kind="stable").index[:MOST_LISTED])


def _last_owner(deals: pd.DataFrame, by: str) -> dict[str, str]:
    last = deals.sort_values([by, "opportunity_key"]).drop_duplicates("account_key", keep="last")
    return dict(zip(last["account_key"], last["owner_key"], strict=True))


def naive(accounts: Accounts, now: Snapshot) -> FloatArray:
    """The same month a year ago, or two where that one is not over; within a year, the average.

    Accounts that returned more than they bought count as nothing, and so do reps: the others are
    scaled to add up to the reps.
    """
    to_come = np.zeros((len(accounts.keys), STEPS))
    width, month = accounts.history.shape[1], month_of(now.origin)
    if width < SEASON:
        return pooled_average(accounts.history, STEPS)
    first = int(now.history.columns[0])
    for ahead in open_months(now):
        place = month + ahead - SEASON - first
        place -= SEASON * (place >= width)
        bought, sold = (accounts.late, now.late) if ahead == 0 else (accounts.history, now.history)
        amounts = np.maximum(bought[:, place], 0.0)
        total = float(np.maximum(sold.to_numpy(dtype=float)[:, place], 0.0).sum())
        if amounts.any():
            amounts = (amounts * (total / amounts.sum())).round(2)
            amounts[amounts.argmax()] += round(total - amounts.sum(), 2)
        to_come[:, ahead] = amounts
    return to_come.round(2)


def looked_at(
    accounts: Accounts, now: Snapshot, expected: Expected | None
) -> dict[str, FloatArray]:
    """What each way of looking at accounts expects of each, by month ahead; only shares count."""
    found = {name: way(accounts.history, STEPS) for name, way in WAYS_OF_HISTORY.items()}
    found[SEASONAL_NAIVE] = naive(accounts, now)
    new = np.zeros(STEPS)
    if expected is not None:
        new = expected.from_new.sum(axis=0).to_numpy(dtype=float)
    usual = np.where(accounts.is_rest[:, None], 0.0, found["tsb"])
    total = np.maximum(usual.sum(axis=0), 1e-9)
    found[OPEN_DEALS] = accounts.from_open + usual / total * new
    return found


def shared(
    accounts: Accounts, reps: FloatArray, looks: FloatArray, unlisted: FloatArray
) -> FloatArray:
    """What reps are forecast to book, by account and rest; both add up to the reps to the cent.

    Args:
        accounts: The accounts of the origin.
        reps: What is to come of each rep who may still sell, by month, in whole cents.
        looks: What one way expects of each account.
        unlisted: Of what is to come in each month, the share from accounts not listed yet.
    """
    held = (~accounts.is_rest & (accounts.rep >= 0))[:, None]
    weights = np.where(held, np.maximum(looks, 0.0), 0.0)
    totals = np.zeros_like(reps)
    np.add.at(totals, accounts.rep[accounts.rep >= 0], weights[accounts.rep >= 0])
    of_rep = np.where(totals > 0, reps * (1 - unlisted) / np.where(totals > 0, totals, 1.0), 0.0)
    # Rounded down, so that no rest is below zero.
    amounts = np.floor(weights * of_rep[accounts.rep] * 100 + 1e-6) / 100
    given = np.zeros_like(reps)
    np.add.at(given, accounts.rep[accounts.rep >= 0], amounts[accounts.rep >= 0])
    rests = accounts.is_rest & (accounts.rep >= 0)
    amounts[rests] = (reps - given)[accounts.rep[rests]].round(2)
    return amounts
