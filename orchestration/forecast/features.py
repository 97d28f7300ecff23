"""What is known of an open deal, as levels of features for the regressions of the hazard.

Every feature has levels rather than a slope: odd shapes are learned as they are, an unknown value
is a level of its own, and what each feature adds to a chance can be told in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.deals import UNKNOWN
from orchestration.forecast.periods import DayArray, QuarterPlaces

Names = npt.NDArray[np.object_]

AGE_DAYS = (7, 14, 21, 28, 42, 56, 70, 84, 98, 112, 126, 140, 182, 273, 364)
YOUNG_DAYS = 28
STAGE_DAYS = (7, 14, 28, 56, 112)
CLOSE_DAYS = (-56, -28, -7, 0, 7, 14, 28, 56, 112)
REACH_WEEKS = (4, 13)
MOST_PUSHES = 3
SIZES = (0.5, 1.0, 2.0)
RECORDS = (-0.10, -0.03, 0.03, 0.10)
RECORDED = ["account_key", "owner_key", "is_won", "cents"]
RECORD_PRIOR = 20
"""Closed deals with the average share of wins that every owner's record begins with."""


def with_record(states: pd.DataFrame, closed: pd.DataFrame, day: int) -> pd.DataFrame:
    """Open deals with what their owners and accounts had done by the end of a day.

    Adds ``owner_record``, how much more often than the average the owner won, few deals counting
    little, and ``size``, the amount against the median win of the account or, where it has none, of
    the company. ``closed`` has every version in which a deal was closed.
    """
    past = closed.loc[closed["known_day"] <= day, RECORDED]
    won = past[past["is_won"]]
    usual = states["account_key"].map(won.groupby("account_key")["cents"].median())
    usual = usual.fillna(won["cents"].median())
    of_owner = past.groupby("owner_key")["is_won"].agg(["sum", "count"])
    mean = past["is_won"].mean() if len(past) else 0.0
    records = (of_owner["sum"] + RECORD_PRIOR * mean) / (of_owner["count"] + RECORD_PRIOR) - mean
    return states.assign(
        owner_record=states["owner_key"].map(records).fillna(0.0).astype(float),
        size=(states["cents"] / usual.where(usual > 0)).astype(float),
    )


def week_levels(
    states: pd.DataFrame, rows: DayArray, weeks: DayArray, quarters: QuarterPlaces
) -> pd.DataFrame:
    """The level of each feature, for open deals in coming weeks: a categorical column each.

    Args:
        states: Open deals, with what `with_record` adds.
        rows: Which of them, by place.
        weeks: The week ahead, 1 being the seven days after the deal's ``state_day``.
        quarters: Where in its fiscal quarter a day lies.
    """
    now = states["state_day"].to_numpy(dtype=np.int64)
    middle = now[rows] + 7 * weeks - 3
    age = middle - states["created_day"].to_numpy(dtype=np.int64)[rows]
    youth = pd.Categorical(np.where(age < YOUNG_DAYS, "young", "old"))
    reach = binned(weeks, REACH_WEEKS, "week")
    stage = pd.Categorical(states["stage_name"])
    staged = (now - states["stage_day"]).astype(float).where(states["stage_name"] != UNKNOWN)
    to_close = states["close_day"].to_numpy(dtype=float)[rows] - middle
    pushes = np.minimum(states["push_count"].to_numpy(dtype=np.int64), MOST_PUSHES)
    return pd.DataFrame(
        {
            "age": binned(age, AGE_DAYS, "days"),
            "month of the quarter": crossed(pd.Categorical(quarters.months(middle)), youth),
            "week of the quarter": crossed(pd.Categorical(quarters.weeks(middle)), youth),
            "stage": crossed(stage[rows], reach),
            "time in stage": crossed(binned(staged, STAGE_DAYS, "days")[rows], reach),
            "time to close date": crossed(binned(to_close, CLOSE_DAYS, "days"), reach),
            "pushes": binned(pushes, range(1, MOST_PUSHES + 1), "times")[rows],
            "size": binned(states["size"], SIZES, "of the usual win")[rows],
            "owner's record": binned(states["owner_record"], RECORDS, "of the share won")[rows],
        }
    )


def binned(values: npt.ArrayLike, edges: Sequence[float], unit: str) -> pd.Categorical:
    """The stretch between two edges that each value lies in; without a value it is unknown."""
    numbers = np.asarray(values, dtype=float)
    names = [f"below {edges[0]:g} {unit}"]
    names += [f"{low:g} to below {high:g} {unit}" for low, high in pairwise(edges)]
    names += [f"from {edges[-1]:g} {unit}", UNKNOWN]
    places = np.searchsorted(edges, np.nan_to_num(numbers), side="right")
    return categorical(np.where(np.isnan(numbers), len(names) - 1, places), names)


def crossed(one: pd.Categorical, other: pd.Categorical) -> pd.Categorical:
    """Every level of one feature at every level of another."""
    names = [f"{a}, {b}" for a in one.categories for b in other.categories]
    codes = one.codes.astype(np.int64) * len(other.categories) + other.codes
    return categorical(codes, names)


def categorical(codes: DayArray, names: list[str]) -> pd.Categorical:
    """Levels by their places in a list of all there are."""
    return pd.Categorical.from_codes(cast(Sequence[int], codes), categories=pd.Index(names))
