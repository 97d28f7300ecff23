"""How much of what is to come will come from deals that exist already."""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.inputs import Inputs
from orchestration.forecast.members import STEPS
from orchestration.forecast.origins import Made
from orchestration.forecast.periods import month_of, origin_before

ORIGINS = 24


def open_shares(made: Made, inputs: Inputs) -> pd.DataFrame:
    """By rep and month ahead, the share of bookings to come from deals created by the as-of date.

    It is what today's open deals should bring of all that deals should; where too few had closed to
    expect anything of deals, it is for every rep what past origins saw.
    """
    if made.open_share is not None:
        return made.open_share
    past = pd.DataFrame([_past_shares(inputs)])
    return past.loc[[0] * len(made.reps)].set_axis(made.reps)


def _past_shares(inputs: Inputs) -> list[float]:
    """By months ahead, the share of bookings from deals that had been created at past origins.

    Pooled over the company and the origins, by amount. A month that no origin can show has the
    share of the one before; where nothing was booked at all, it is 0.
    """
    booked = inputs.booked[["month", "cents"]].assign(
        close=inputs.booked["close_date"], created=inputs.booked["created_date"]
    )
    now = month_of(inputs.as_of)
    shares: list[float] = []
    for ahead in range(STEPS):
        old = total = 0
        for age in range(ahead + 1, ORIGINS + 1):
            origin = pd.Timestamp(origin_before(inputs.as_of, age))
            came = booked[(booked["month"] == now - age + ahead) & (booked["close"] > origin)]
            total += int(came["cents"].sum())
            old += int(came.loc[came["created"] <= origin, "cents"].sum())
        known = total > 0 and 0 <= old <= total
        shares.append(old / total if known else shares[-1] if shares else 0.0)
    return shares
