"""Scores by rule, for companies with too few outcomes to learn from: nothing here is measured.

A rule multiplies a starting chance by what every sales team agrees on. What the chance would be
without one thing is told as for the models, so that reasons read alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.forecast.deals import UNKNOWN
from orchestration.forecast.methods import FloatArray

LONG_IN_STAGE_DAYS = 90
MANY_PUSHES = 2
BAD_SIGN = 0.5
"""What each bad sign leaves of a deal's chance."""

OF_LEADS = {"sales qualified": 0.30, "marketing qualified": 0.15, "not qualified": 0.05}
"""The chance of a lead to convert within 90 days, by how far it has come."""
OLD_LEAD_DAYS = 90
RECENT_TOUCH_DAYS = 30
GOOD_SIGN = 1.5
MOST = 0.95


def rule_for_deals(
    states: pd.DataFrame, day: int, won_share: float
) -> tuple[FloatArray, pd.DataFrame]:
    """The CRM's probability of the deal's stage, halved by each bad sign.

    Bad signs are a close date that has passed, two or more pushes to a later month, and more than
    90 days in the stage.

    Args:
        states: Open deals, with the ``probability`` (0-1) that the CRM gives them.
        day: The day.
        won_share: What is taken for a probability that is not known, and for the usual one.

    Returns:
        The chances, and what each would be if one thing were as usual.
    """
    is_seen = states["stage_name"] != UNKNOWN
    said = states["probability"].astype(float).where(is_seen)
    probability = said.fillna(won_share).to_numpy()
    signs = {
        "time to close date": (states["close_day"] < day).to_numpy(),
        "pushes": (states["push_count"] >= MANY_PUSHES).to_numpy(),
        "time in stage": (day - states["stage_day"] > LONG_IN_STAGE_DAYS).to_numpy(),
    }
    left = np.prod([np.where(sign, BAD_SIGN, 1.0) for sign in signs.values()], axis=0)
    chances: FloatArray = probability * left
    without = {"stage": won_share * left}
    without |= {name: chances / np.where(sign, BAD_SIGN, 1.0) for name, sign in signs.items()}
    return chances, pd.DataFrame(without)


def rule_for_leads(states: pd.DataFrame) -> tuple[FloatArray, pd.DataFrame]:
    """A chance by how far the lead has come: less when it is old, more when it was just in touch.

    Args:
        states: Leads, with ``qualified`` (a key of `OF_LEADS`), ``age`` and ``touch_age`` in days,
            NaN without a touch.

    Returns:
        As `rule_for_deals`.
    """
    start = states["qualified"].map(OF_LEADS).to_numpy(dtype=float)
    factors = {
        "age": np.where(states["age"] > OLD_LEAD_DAYS, BAD_SIGN, 1.0),
        "last touch": np.where(states["touch_age"] <= RECENT_TOUCH_DAYS, GOOD_SIGN, 1.0),
    }
    factor = np.prod(list(factors.values()), axis=0)
    chances: FloatArray = np.minimum(start * factor, MOST)
    without = {"qualified": OF_LEADS["not qualified"] * factor}
    without |= {name: start * factor / one for name, one in factors.items()}
    return chances, pd.DataFrame(without)
