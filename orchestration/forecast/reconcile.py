"""Ways to make the forecasts of reps and company agree.

Each takes what was forecast for the company (one amount per month) and for every rep (a row each),
and gives the reps' amounts, whose sum is then the company's. Which of them is used is decided by
the backtest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from orchestration.forecast.methods import FloatArray


def bottom_up(company: FloatArray, reps: FloatArray) -> FloatArray:  # noqa: ARG001
    """The reps as they are; the company is their sum."""
    return reps


def top_down(company: FloatArray, reps: FloatArray) -> FloatArray:
    """The company as it is, shared among the reps in proportion to their own forecasts.

    In a month in which no rep expects anything, the shares are those of all months together; when
    there are none either, they are equal.
    """
    weights = reps.copy()
    for shares in (reps.sum(axis=1, keepdims=True), np.ones((len(reps), 1))):
        weights = np.where(weights.sum(axis=0) > 0, weights, shares)
    shared: FloatArray = weights / weights.sum(axis=0) * company
    return shared


RECONCILIATIONS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "bottom_up": bottom_up,
    "top_down": top_down,
}
