"""The company's season, which every series is freed of before a model is fitted to it.

A rep's own months are too few and too noisy to show a season; the company's show it. So one season
is found for all, and as few years prove little, it is pulled towards none.
"""

from __future__ import annotations

import numpy as np

from orchestration.forecast.methods import SEASON, FloatArray

SHORTEST_SEASONAL = 2 * SEASON
"""Complete months it takes to see a season at all."""
CENTRED_YEAR = np.array([0.5, *np.ones(SEASON - 1), 0.5]) / SEASON
NO_SEASON = np.ones(SEASON)


def seasonal_indices(history: FloatArray) -> FloatArray:
    """How large each month of the year is against the mean month, from the company's history.

    A month is compared with the mean of the year around it; a month of the year that was seen n
    times so keeps n / (n + 1) of its distance from 1.

    Args:
        history: Amounts of the complete months, oldest first.

    Returns:
        Twelve positive numbers around 1, the first for the month that the history begins with; all
        1 within the first two years.
    """
    if len(history) < SHORTEST_SEASONAL:
        return NO_SEASON
    half = SEASON // 2
    around = np.convolve(history, CENTRED_YEAR, mode="valid")
    ratios = np.full(len(history), np.nan)
    np.divide(history[half:-half], around, out=ratios[half:-half], where=around > 0)
    indices = NO_SEASON.copy()
    for month in range(SEASON):
        seen = ratios[month::SEASON]
        seen = np.maximum(seen[np.isfinite(seen)], 0.0)
        if len(seen):
            indices[month] += (seen.mean() - 1) * len(seen) / (len(seen) + 1)
    shares: FloatArray = indices / indices.mean()
    return shares
