"""Intervals that hold: quantiles taken from the errors that the backtest made (split-conformal).

The errors of all nodes of a level are pooled, each divided by the size of its node's month. The
next error lies below the k-th smallest of n with chance k / (n + 1), whatever their distribution:
so the 80 % interval reaches from rank 0.1 (n + 1) to rank 0.9 (n + 1), interpolated between whole
ranks. It takes nine errors to have these ranks; where a period has fewer, those of the nearest
horizons of its kind are added. The period in progress stands alone: most of it is booked, and its
small errors say nothing of periods that have not begun.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.methods import FloatArray

TAIL = 0.1
FEWEST_ERRORS = 9
GROUP = ["method", "node_type", "period_type"]
QUANTILES = ["p10_amount", "p50_amount", "p90_amount"]

NO_ERRORS = (np.zeros(0, dtype=int), np.zeros(0))

IntArray = npt.NDArray[np.int_]


def conformal_quantiles(errors: FloatArray) -> FloatArray:
    """The quantiles 0.1, 0.5 and 0.9 of the next error, from at least nine that were made."""
    quantiles: FloatArray = np.quantile(errors, (TAIL, 0.5, 1 - TAIL), method="weibull")
    return quantiles


def nearest_errors(horizon: int, horizons: IntArray, errors: FloatArray) -> FloatArray:
    """The errors of a horizon, with those of the nearest ones as long as there are too few.

    Horizon 0, the period in progress, neither lends nor borrows.
    """
    alike = (horizons == 0) == (horizon == 0)
    horizons, errors = horizons[alike], errors[alike]
    distances = np.abs(horizons - horizon)
    for reach in np.unique(distances):
        near: FloatArray = errors[distances <= reach]
        if len(near) >= FEWEST_ERRORS:
            return near
    return NO_ERRORS[1]


def with_intervals(forecasts: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Add `QUANTILES` to forecasts, from the errors of judged cases; NaN where these are too few.

    Both have `GROUP`, ``horizon``, ``forecast`` and ``scale``. A quantile is not below what is
    ``booked`` already, and a forecast lies within its interval.
    """
    judged = cases[cases["scale"] > 0]
    judged = judged.assign(error=(judged["actual"] - judged["forecast"]) / judged["scale"])
    errors_of: dict[Hashable, tuple[IntArray, FloatArray]] = {
        key: (group["horizon"].to_numpy(dtype=int), group["error"].to_numpy(dtype=float))
        for key, group in judged.groupby(GROUP)
    }
    spread = np.full((len(forecasts), 3), np.nan)
    for key, rows in forecasts.groupby(GROUP).indices.items():
        horizons = forecasts["horizon"].to_numpy(dtype=int)[rows]
        for horizon in np.unique(horizons):
            errors = nearest_errors(horizon, *errors_of.get(key, NO_ERRORS))
            if len(errors):
                spread[rows[horizons == horizon]] = conformal_quantiles(errors)

    columns = ["forecast", "scale", "booked"]
    forecast, scale, booked = forecasts[columns].to_numpy(dtype=float).T
    low, middle, high = np.maximum(forecast + spread.T * scale, booked)
    bounds = (np.minimum(low, forecast), middle, np.maximum(high, forecast))
    return forecasts.assign(**dict(zip(QUANTILES, bounds, strict=True)))


def with_intervals_of_the_time(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases with the interval each would have had: from cases that were judged by then."""
    parts = [
        with_intervals(group, cases[cases["judged_age"] >= age])
        for age, group in cases.groupby("age")
    ]
    return pd.concat(parts) if parts else cases.assign(**dict.fromkeys(QUANTILES, np.nan))
