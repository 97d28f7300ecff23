"""The chance of each open deal to be won, and to be lost, in each coming week.

A competing-risk model in discrete time: in a week an open deal closes with a chance that is its
hazard, and when it closes it is won with another chance. Both are regressions fitted to deals that
were open at past days, with what was known of them then and what came of them week by week. A deal
that slips is one that does not close. What will be known later, such as the stage of next month, is
not forecast; how many weeks ahead a week lies stands in the model instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.deals import NEVER, created_between, open_on
from orchestration.forecast.features import week_levels, with_record
from orchestration.forecast.logistic import Logistic, fit_logistic
from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import DayArray, QuarterPlaces

WEEK = 7
WEEKS = 31
"""Weeks ahead: the month in progress and the six after it."""
LANDMARKS = (*range(1, 26, 3), *range(28, 105, 6))
"""Weeks before an origin at whose ends open deals are looked at, to learn from them."""
FEWEST_OUTCOMES = 15
"""Deals won, and as many lost, that it takes to learn anything."""
MOST_ROWS = 120_000
"""Weeks of deals learned from; of more, those of a part of the states, drawn by their hashes."""


@dataclass(frozen=True)
class Hazard:
    """What was learned: whether a deal closes in a week, and whether it is won if it does."""

    closing: Logistic
    winning: Logistic
    quarters: QuarterPlaces

    def chances(self, states: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
        """The chance of each open deal to be won, and to be lost, in each week ahead.

        Args:
            states: Open deals, with what `with_record` adds.

        Returns:
            Twice an array with a row per deal and a column for each of `WEEKS`, the first being
            the seven days after the deal's ``state_day``.
        """
        levels = self.levels(states)
        return outcomes(self.closing.chances(levels), self.winning.chances(levels))

    def levels(self, states: pd.DataFrame) -> pd.DataFrame:
        """The level of each feature in all `WEEKS` of the first deal, then of the second, ..."""
        rows = np.repeat(np.arange(len(states)), WEEKS)
        weeks = np.tile(np.arange(1, WEEKS + 1), len(states))
        return week_levels(states, rows, weeks, self.quarters)


def outcomes(closing: FloatArray, winning: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The chance of each deal to be won, and to be lost, in each week.

    Args:
        closing: The hazard to close, by deal and week as in `Hazard.levels`.
        winning: The chance to be won when it closes.

    Returns:
        As `Hazard.chances`.
    """
    closing, winning = closing.reshape(-1, WEEKS), winning.reshape(-1, WEEKS)
    closes = closing * np.cumprod(1 - closing, axis=1) / (1 - closing)
    return closes * winning, closes * (1 - winning)


def fit_hazard(known: pd.DataFrame, origin: int, quarters: QuarterPlaces) -> Hazard | None:
    """Learn from everything known at the end of ``origin``; None where too few deals had closed.

    Args:
        known: The deals, `known_by` the origin.
        origin: The day.
        quarters: The company's fiscal quarters.
    """
    if min(closed_counts(known)) < FEWEST_OUTCOMES:
        return None
    states, last_weeks = _looked_at(known, origin)
    outcome_days = np.maximum(states["outcome_day"], states["state_day"] + 1)
    outcome_weeks = _week_of(outcome_days - states["state_day"])
    at_risk = np.minimum(last_weeks, outcome_weeks)
    rows = np.repeat(np.arange(len(states)), at_risk)
    weeks = np.arange(len(rows)) - np.repeat(at_risk.cumsum() - at_risk, at_risk) + 1
    closes = weeks == outcome_weeks[rows]
    if not closes.any():
        return None
    levels = week_levels(states, rows, weeks, quarters)
    wins = ~states["is_lost"].to_numpy()[rows]
    return Hazard(
        closing=fit_logistic(levels, closes),
        winning=fit_logistic(levels[closes], wins[closes]),
        quarters=quarters,
    )


def closed_counts(known: pd.DataFrame) -> tuple[int, int]:
    """How many deals had been won, and how many lost, as far as that was known."""
    closed = known.loc[known["is_closed"], ["opportunity_key", "is_won"]]
    is_won = closed.drop_duplicates("opportunity_key")["is_won"]
    won = int(is_won.sum())
    return won, len(is_won) - won


def _looked_at(known: pd.DataFrame, origin: int) -> tuple[pd.DataFrame, DayArray]:
    """The states to learn from, and how many weeks each was watched; none is watched for none.

    They begin with the first outcome that anybody recorded: before it, deals did not stay open,
    nobody wrote down how they ended. Created deals are among them as they began.
    """
    begun = known.loc[known["outcome_day"] != NEVER, "outcome_day"].min()
    days = [day for weeks in LANDMARKS if (day := origin - WEEK * weeks) >= begun]
    closed = known[known["is_closed"]]
    looks = [with_record(open_on(known, day), closed, day) for day in days]
    born = created_between(known, max(begun, origin - WEEK * LANDMARKS[-1]), origin - WEEK)
    states = pd.concat([*looks, with_record(born, closed, origin)], ignore_index=True)
    watched = np.minimum((origin - states["state_day"]) // WEEK, WEEKS)
    total = int(watched.sum())
    if total > MOST_ROWS:
        lots = pd.util.hash_pandas_object(states[["opportunity_key", "state_day"]], index=False)
        drawn = lots.to_numpy() / 2.0**64 < MOST_ROWS / total
        states, watched = states[drawn], watched[drawn]
    return states, np.asarray(watched, dtype=np.int64)


def _week_of(days: pd.Series[int]) -> DayArray:
    """The week ahead that a day lies in, as many days after the state."""
    return -(-np.asarray(days, dtype=np.int64) // WEEK)
