"""What open deals, and deals not created yet, will bring: by rep and stretch of days.

Deals not created yet are those of the last quarter once more, a quarter later and again after that:
as many, at the same place in the quarter, with the same owners and amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.deals import NEVER, created_between, open_on, won_ahead
from orchestration.forecast.features import with_record
from orchestration.forecast.hazard import WEEK, WEEKS, Hazard, fit_hazard
from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import QuarterPlaces

QUARTER_DAYS = 13 * WEEK
PRICE_PRIOR = 3
"""Wins of the average amount that every group's price begins with."""


@dataclass(frozen=True)
class Expected:
    """What deals should bring, in the reporting currency: a row per owner, a column per stretch.

    ``from_open_accounts`` has what open deals should bring by account.
    """

    from_open: pd.DataFrame
    from_new: pd.DataFrame
    from_open_accounts: pd.DataFrame


def expect(
    known: pd.DataFrame, origin: int, ends: Sequence[int], quarters: QuarterPlaces
) -> Expected | None:
    """What is expected of the deals after ``origin``; None where too few had closed to say.

    Args:
        known: The deals, as `known_by` the origin.
        origin: The day.
        ends: The last day of each stretch, rising; the first stretch begins after the origin.
        quarters: The company's fiscal quarters.
    """
    hazard = fit_hazard(known, origin, quarters)
    if hazard is None:
        return None
    closed = known[known["is_closed"]]
    sure = won_ahead(known, origin)
    opened = with_record(open_on(known, origin), closed, origin)
    coming = with_record(_coming(known, origin, ends[-1]), closed, origin)
    stretches = [origin, *ends]
    certain = np.diff(sure["close_day"].to_numpy()[:, None] <= np.array(stretches), axis=1)
    there = pd.concat([opened, sure])
    from_there = np.vstack(
        [
            _wins(hazard, opened, stretches) * _worth(opened, known),
            certain * sure[["cents"]].to_numpy(),
        ]
    )
    from_new = _wins(hazard, coming, stretches) * _worth(coming, known)
    return Expected(
        from_open=_by(there["owner_key"], from_there),
        from_new=_by(coming["owner_key"], from_new),
        from_open_accounts=_by(there["account_key"], from_there),
    )


def _coming(known: pd.DataFrame, origin: int, until: int) -> pd.DataFrame:
    """Deals created after the origin, as those of the last quarter suggest them."""
    recent = created_between(known, origin - QUARTER_DAYS, origin)
    days = ["state_day", "created_day", "stage_day", "close_day"]
    again = [
        recent.assign(**{day: recent[day] + later for day in days})
        for later in range(QUARTER_DAYS, until - origin + QUARTER_DAYS, QUARTER_DAYS)
    ]
    coming = pd.concat(again, ignore_index=True)
    return coming[coming["created_day"] <= until].reset_index(drop=True)


def _wins(hazard: Hazard, states: pd.DataFrame, stretches: Sequence[int]) -> FloatArray:
    """The chance of each deal to be won in each stretch; within a week it grows evenly."""
    won, _ = hazard.chances(states)
    until = np.hstack([np.zeros((len(states), 1)), won.cumsum(axis=1)])
    weeks = (np.array(stretches) - states[["state_day"]].to_numpy()) / WEEK
    weeks = np.clip(weeks, 0, WEEKS)
    whole = np.minimum(weeks.astype(np.int64), WEEKS - 1)
    rows = np.arange(len(states))[:, None]
    reached = until[rows, whole] + (weeks - whole) * won[rows, whole]
    chances: FloatArray = np.diff(reached, axis=1)
    return chances


def _worth(states: pd.DataFrame, known: pd.DataFrame) -> FloatArray:
    """The cents that each deal would bring when won, in a column.

    An amount brings as much of itself as those of won deals did. A deal without one is worth the
    average win of its group, drawn to that of all.
    """
    won = known[known["is_won"]]
    average = won["cents"].mean()
    groups = won.groupby("price_group")["cents"].agg(["sum", "count"])
    prices = (groups["sum"] + PRICE_PRIOR * average) / (groups["count"] + PRICE_PRIOR)
    price = states["price_group"].map(prices).fillna(average)
    was_open = known[~known["is_closed"] & (known["cents"] > 0)]
    stood = was_open[(was_open["outcome_day"] != NEVER) & ~was_open["is_lost"]]
    kept = stood["brought_cents"].sum() / stood["cents"].sum() if len(stood) else 1.0
    worth: FloatArray = (states["cents"] * kept).fillna(price).to_numpy(dtype=float)
    return worth[:, None]


def _by(keys: pd.Series[str], cents: FloatArray) -> pd.DataFrame:
    amounts = pd.DataFrame(cents / 100, index=keys)
    return amounts.groupby(level=0).sum()
