"""What figures about the market say of the company's growth.

Bookings, freed of their season, grow over three months by as much as the past says they did when a
series had grown three or six months before. What a series will do is not forecast: only months
that are over at the origin count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.methods import FloatArray

MARKET_INDEX = """
    select
        series_name,
        extract(year from month_start_date) * 12 + extract(month from month_start_date) - 1
            as month,
        cast(index_value as double) as index_value,
        valid_from,
        valid_to
    from staging.stg_company__market_index_versions
    where series_name is not null and index_value > 0
    order by series_name, month, valid_from
"""

LAGS = (3, 6)
"""Months by which the market may run ahead of the company."""
SPAN = 3
"""Months over which growth is taken."""
FEWEST_MONTHS = 12
"""Months of growth, of the market and the company, that it takes to learn anything."""
PULL = 6
"""How many months of growth say that the market means nothing."""
MOST_GROWTH = 0.5
"""The most that the market moves a forecast, as a logarithm."""


@dataclass(frozen=True)
class Pull:
    """By how much a series moves the forecast of each month ahead."""

    series: str
    lag: int
    factors: FloatArray


def known_index(market: pd.DataFrame, moment: pd.Timestamp, end: int) -> pd.DataFrame:
    """The series as known at a moment: a row each, a column per month before ``end``.

    Args:
        market: The rows of `MARKET_INDEX`.
        moment: UTC; later versions are not seen, of any month the oldest was known before it.
        end: The first month that is not over.
    """
    begun, ended = market["valid_from"] < moment, market["valid_to"] < moment
    known = market[begun & ~ended & (market["month"] < end)]
    return known.pivot_table("index_value", "series_name", "month")


def market_pull(bookings: FloatArray, end: int, index: pd.DataFrame, steps: int) -> Pull | None:
    """The series that explained the company's growth best, and what it says; None without any.

    Args:
        bookings: The company's complete months without their season, oldest first.
        end: The month after the last of them.
        index: The series, see `known_index`.
        steps: Months ahead.
    """
    if len(bookings) < FEWEST_MONTHS + 2 * SPAN - 1:
        return None
    growth = _growth(np.convolve(bookings, np.ones(SPAN), mode="valid"))
    months = np.arange(end - len(growth), end)
    best: tuple[float, Pull] | None = None
    for series, values in index.iterrows():
        logs = np.log(values.reindex(range(end - len(bookings) - 12, end)))
        for lag in LAGS:
            led = (logs - logs.shift(SPAN)).shift(lag).reindex(months).to_numpy(dtype=float)
            seen = np.isfinite(led) & np.isfinite(growth)
            if seen.sum() < FEWEST_MONTHS or not np.ptp(led[seen]) > 0:
                continue
            moved = led[seen]
            slope = moved @ growth[seen] / (moved @ moved * (1 + PULL / seen.sum()))
            left = float(np.mean((growth[seen] - slope * moved) ** 2 / np.mean(growth[seen] ** 2)))
            to_come = logs.reindex(
                [min(end - 1 + ahead - lag, end - 1) for ahead in range(1, steps + 1)]
            )
            change = to_come.ffill().to_numpy(dtype=float) - logs[end - 1 - lag]
            if not np.isfinite(change).all():
                continue
            factors = np.exp(np.clip(slope * change, -MOST_GROWTH, MOST_GROWTH))
            if best is None or left < best[0]:
                best = left, Pull(str(series), lag, factors)
    return best[1] if best else None


def _growth(sums: FloatArray) -> FloatArray:
    """The growth of each sum against the one a span before, as a logarithm; NaN where unknown."""
    growth = np.full(len(sums), np.nan)
    now, before = sums[SPAN:], sums[:-SPAN]
    both = (now > 0) & (before > 0)
    growth[SPAN:][both] = np.log(now[both] / before[both])
    return growth
