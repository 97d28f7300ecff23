"""How much of what is to come will come from deals that exist already.

Nothing is said here about the open deals of today: the shares are what past origins saw.
"""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.inputs import Inputs
from orchestration.forecast.periods import HORIZON_MONTHS, month_of, origin_before

ORIGINS = 24


def open_shares(inputs: Inputs) -> dict[int, float]:
    """By months ahead, the share of bookings from deals that had been created at the origin.

    Pooled over the company and the past origins, by amount. A horizon that no origin can show has
    the share of the one before; where nothing was booked at all, it is 0.
    """
    booked = inputs.booked[["month", "cents"]].assign(
        close=inputs.booked["close_date"], created=inputs.booked["created_date"]
    )
    now = month_of(inputs.as_of)
    shares: dict[int, float] = {}
    for ahead in range(HORIZON_MONTHS + 1):
        old = total = 0
        for age in range(ahead + 1, ORIGINS + 1):
            origin = pd.Timestamp(origin_before(inputs.as_of, age))
            came = booked[(booked["month"] == now - age + ahead) & (booked["close"] > origin)]
            total += int(came["cents"].sum())
            old += int(came.loc[came["created"] <= origin, "cents"].sum())
        known = total > 0 and 0 <= old <= total
        shares[ahead] = old / total if known else shares.get(ahead - 1, 0.0)
    return shares
