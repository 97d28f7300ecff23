"""Chances held against what came: how good they are, and how to correct them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.logistic import logistic
from orchestration.forecast.methods import FloatArray

FEWEST_JUDGED = 100
"""Chances whose outcome is known that it takes to correct any."""
PULL = 10.0
"""How strongly a correction is pulled towards none: the precision ascribed to none."""
STEPS = 25


@dataclass(frozen=True)
class Calibration:
    """A correction of chances on the scale of log odds, and the outcomes that it was learned on."""

    shift: float = 0.0
    slope: float = 1.0
    outcome_count: int = 0

    def corrected(self, chances: FloatArray) -> FloatArray:
        """What chances (0-1) should have been."""
        return logistic(self.shift + self.slope * log_odds(chances))


def fit_calibration(chances: FloatArray, came: FloatArray) -> Calibration:
    """Learn how chances have to be corrected, from those whose outcome is known.

    A logistic regression of outcomes on log odds (Platt scaling), pulled towards leaving chances as
    they are; with fewer than `FEWEST_JUDGED` they are left.

    Args:
        chances: What was said (0-1).
        came: What came: 1 or 0 for each.
    """
    if len(chances) < FEWEST_JUDGED:
        return Calibration()
    rows = np.column_stack([np.ones(len(chances)), log_odds(chances)])
    none = np.array([0.0, 1.0])
    weights = none
    for _ in range(STEPS):
        chance = logistic(rows @ weights)
        uphill = rows.T @ (came - chance) - PULL * (weights - none)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + PULL * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(bend, uphill), -1, 1)
    return Calibration(float(weights[0]), float(weights[1]), len(chances))


def log_odds(chances: FloatArray) -> FloatArray:
    """The log odds of chances; no chance is taken to be nearer than 1e-6 to 0 or 1."""
    safe = np.clip(chances, 1e-6, 1 - 1e-6)
    odds: FloatArray = np.log(safe / (1 - safe))
    return odds


def auc(chances: FloatArray, came: FloatArray) -> float:
    """How often what came had been given a better chance than what did not; NaN without either."""
    ranks = pd.Series(chances).rank().to_numpy()
    positive = came.astype(bool)
    count = positive.sum()
    pairs = count * (~positive).sum()
    return float((ranks[positive].sum() - count * (count + 1) / 2) / pairs) if pairs else np.nan


def brier(chances: FloatArray, came: FloatArray) -> float:
    """The mean squared distance between chance and what came (Brier 1950); smaller is better."""
    return float(((chances - came) ** 2).mean())


def calibration_error(chances: FloatArray, came: FloatArray) -> float:
    """The mean gap between chance and share that came, over `tenths`."""
    gaps = [abs(said - share) * count for said, share, count in tenths(chances, came)]
    return float(sum(gaps) / len(chances))


def tenths(chances: FloatArray, came: FloatArray) -> list[tuple[float, float, int]]:
    """Tenths in order of chance: the mean chance of each, the share that came, and how many."""
    order = np.argsort(chances, kind="stable")
    return [
        (float(chances[part].mean()), float(came[part].mean()), len(part))
        for part in np.array_split(order, min(10, len(order)))
    ]
