"""Open deals at the end of a day: the chance of each to be won, when, and what moves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.deals import UNKNOWN, known_by, open_on
from orchestration.forecast.features import week_levels, with_record
from orchestration.forecast.hazard import (
    WEEK,
    Hazard,
    closed_counts,
    fit_hazard,
    outcomes,
)
from orchestration.forecast.logistic import Logistic, logistic
from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.scores.reasons import counted

FEWEST_OUTCOMES = 200
"""Deals won, and as many lost, that it takes to score by what was learned rather than by rule."""
HORIZON_DAYS = 182
"""A chance of winning is the chance to be won within so many days."""
BLOCK = 2000
"""Deals whose chances are taken apart at a time, to bound the memory."""
PLACE = "place in the quarter"
CALENDAR = ("month of the quarter", "week of the quarter")


@dataclass(frozen=True)
class DealLook:
    """The deals open at the end of a day, with nothing but what was known then.

    ``states`` has what `orchestration.forecast.features.with_record` adds; ``hazard`` is None where
    too few deals had closed. ``won_share`` is the share of wins in what had closed by then.
    """

    day: int
    states: pd.DataFrame
    hazard: Hazard | None
    won_share: float


def look_at_deals(
    deals: pd.DataFrame, rates: pd.DataFrame, day: int, quarters: QuarterPlaces
) -> DealLook:
    """Look at the deals open at the end of a day, and learn from what was known of all by then.

    Args:
        deals: The versions of deals, see `orchestration.forecast.deals.known_by`, each with the
            ``probability`` (0-1) that the CRM gives.
        rates: Exchange rates, as there.
        day: The day.
        quarters: The company's fiscal quarters.
    """
    known = known_by(deals, rates, day)
    won, lost = closed_counts(known)
    is_enough = min(won, lost) >= FEWEST_OUTCOMES
    states = with_record(open_on(known, day), known[known["is_closed"]], day)
    return DealLook(
        day,
        states.sort_values("opportunity_key", ignore_index=True),
        fit_hazard(known, day, quarters) if is_enough else None,
        (won + 1) / (won + lost + 3),  # as if one of three earlier ones had been won
    )


def won_by_week(hazard: Hazard, states: pd.DataFrame) -> FloatArray:
    """The chance of each deal to be won by the end of each week ahead."""
    won, _ = hazard.chances(states)
    by_week: FloatArray = won.cumsum(axis=1)
    return by_week


def within(by_week: FloatArray, days: int) -> FloatArray:
    """The chance to be won within so many days, a whole number of weeks."""
    chances: FloatArray = by_week[:, days // WEEK - 1]
    return chances


def won_within(known: pd.DataFrame, look: DealLook, days: int) -> FloatArray:
    """1 for each deal of a look that was won within so many days after it, 0 for the others.

    Args:
        known: The deals, known by a day at which all that is asked had come to pass.
        look: The look.
        days: The days.
    """
    later = open_on(known, look.day).set_index("opportunity_key")
    is_won = ~later["is_lost"] & (later["outcome_day"] <= look.day + days)
    return np.asarray(is_won.reindex(look.states["opportunity_key"]), dtype=float)


def expected_close_days(by_week: FloatArray, day: int) -> FloatArray:
    """The day by which half of a deal's chance to be won has come; within a week it grows evenly.

    It is the day to expect the order on, if the order comes.
    """
    half = by_week[:, -1:] / 2
    week = (by_week < half).sum(axis=1)
    until = np.hstack([np.zeros((len(by_week), 1)), by_week])
    rows = np.arange(len(by_week))
    grows = until[rows, week + 1] - until[rows, week]
    part = (half[:, 0] - until[rows, week]) / np.where(grows > 0, grows, 1.0)
    days: FloatArray = day + np.ceil(np.clip(WEEK * (week + part), 1, None))
    return days


def without_each(hazard: Hazard, states: pd.DataFrame) -> pd.DataFrame:
    """What each deal's chance would be if one thing about it were as usual: a column per thing.

    As usual is what the thing added on average to the deals learned from, both to the hazard to
    close and to the chance to be won then.
    """
    starts = range(0, max(len(states), 1), BLOCK)
    blocks = [_without_each(hazard, states.iloc[start : start + BLOCK]) for start in starts]
    return pd.concat(blocks, ignore_index=True)


def _without_each(hazard: Hazard, states: pd.DataFrame) -> pd.DataFrame:
    levels = hazard.levels(states)
    closing, winning = hazard.closing, hazard.winning
    of_closing, of_winning = closing.parts(levels), winning.parts(levels)
    things = {str(name): [str(name)] for name in levels if name not in CALENDAR}
    things[PLACE] = list(CALENDAR)
    found = {}
    for thing, names in things.items():
        won, _ = outcomes(
            _as_usual(closing, of_closing, names), _as_usual(winning, of_winning, names)
        )
        found[thing] = within(won.cumsum(axis=1), HORIZON_DAYS)
    return pd.DataFrame(found)


def _as_usual(model: Logistic, parts: pd.DataFrame, names: list[str]) -> FloatArray:
    others = parts.drop(columns=names).to_numpy().sum(axis=1)
    return logistic(model.base + others + sum(model.usual[name] for name in names))


def levels_now(states: pd.DataFrame, quarters: QuarterPlaces) -> pd.DataFrame:
    """The level of each feature but the calendar's in the first week ahead, by opportunity."""
    first_week = np.ones(len(states), dtype=np.int64)
    levels = week_levels(states, np.arange(len(states)), first_week, quarters)
    return levels.drop(columns=list(CALENDAR)).set_index(states["opportunity_key"])


def told(states: pd.DataFrame, day: int) -> pd.DataFrame:
    """Every thing about open deals in words that a sales manager uses, a column each."""
    is_known = states["stage_name"] != UNKNOWN
    stage = "stage is " + states["stage_name"].astype(str)
    in_stage = counted(day - states["stage_day"], "day", "days") + " in this stage"
    return pd.DataFrame(
        {
            "age": "open for " + counted(day - states["created_day"], "day", "days"),
            "stage": stage.where(is_known, "stage is not known"),
            "time in stage": in_stage.where(is_known, "time in the stage is not known"),
            "time to close date": _to_close(states["close_day"] - day),
            "pushes": _pushed(states["push_count"]),
            "size": _size(states["size"]),
            "owner's record": _record(states["owner_record"]),
            PLACE: "where in the quarter it should close",
        }
    )


def _to_close(days: pd.Series[float]) -> pd.Series[str]:
    distance = counted(days.abs().fillna(0), "day", "days")
    ahead, ago = "close date is in " + distance, "close date passed " + distance + " ago"
    said = ahead.where(days > 0, ago).where(days != 0, "close date is today")
    return said.where(days.notna(), "close date is not known")


def _pushed(count: pd.Series[int]) -> pd.Series[str]:
    said = "close date pushed to a later month " + counted(count, "time", "times")
    return said.where(count > 0, "close date never pushed to a later month")


def _size(size: pd.Series[float]) -> pd.Series[str]:
    said = "amount is " + size.fillna(0).round(1).astype(str) + " times the usual win"
    return said.where(size.notna(), "amount cannot be compared with earlier wins")


def _record(record: pd.Series[float]) -> pd.Series[str]:
    points = (100 * record).round()
    often = np.where(points > 0, " more", " less")
    said: pd.Series[str] = (
        "owner wins " + counted(points.abs(), "point", "points") + often + " than average"
    )
    return said.where(points != 0, "owner wins as often as the average")
