"""What past origins teach the next: by how much a forecast is off, and which methods to trust."""

from __future__ import annotations

import numpy as np

from orchestration.forecast.methods import FloatArray

DECAY = 0.8
"""How much an origin counts against the one after it."""
MOST_CORRECTED = 2.0
TRUST = 2.0
"""How many past origins it takes until what they say weighs as much as that all are as good."""


def correction(expected: FloatArray, came: FloatArray) -> float:
    """What to multiply a forecast with, from what was expected at past origins and what came.

    As if there had been one more origin, the newest, at which exactly came what was expected on
    average. Never more than twice or less than half.

    Args:
        expected: Amounts of past origins, newest first.
        came: The amounts that came.
    """
    if not len(expected) or not expected.sum() > 0:
        return 1.0
    weights = DECAY ** np.arange(1, len(expected) + 1)
    usual = float(expected.mean())
    ratio = (weights @ came + usual) / (weights @ expected + usual)
    return float(np.clip(ratio, 1 / MOST_CORRECTED, MOST_CORRECTED))


def member_weights(forecasts: FloatArray, actual: FloatArray, origins: int) -> FloatArray:
    """Weights of methods, none negative and 1 in sum, with which they would have erred least.

    Least squares, drawn to equal weights by as much as `TRUST` origins say: nodes and months of one
    origin err together, and do not count as many.

    Args:
        forecasts: A row per past forecast, a column per method.
        actual: What came, for each row.
        origins: How many origins the rows are from.
    """
    from scipy.optimize import nnls

    count = forecasts.shape[1]
    equal = np.full(count, 1 / count)
    # Methods are compared by what they differ in: with weights of sum 1 their mean drops out.
    mean = forecasts.mean(axis=1, keepdims=True)
    spread, left = forecasts - mean, actual - mean[:, 0]
    size = float(np.sqrt((spread**2).sum() / max(origins * count, 1)))
    if not size > 1e-9 * float(np.abs(forecasts).sum() + np.abs(actual).sum()):
        return equal  # they differ by nothing that matters to what came
    pull = np.sqrt(TRUST) * np.eye(count)
    sum_to_one = np.full((1, count), 1e4)
    rows = np.vstack([spread / size, pull, sum_to_one])
    wanted = np.concatenate([left / size, pull @ equal, sum_to_one[:, 0]])
    found, _ = nnls(rows, wanted)
    weights: FloatArray = found / found.sum()
    return weights
