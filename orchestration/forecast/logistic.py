"""Logistic regression on features that have levels, pulled towards what all rows have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.late_fields import refuse_late_fields
from orchestration.forecast.methods import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

RIDGE = 2.0
"""How strongly a level's weight is pulled towards none: the precision that is ascribed to none."""
MAXIMUM_STEPS = 50
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Logistic:
    """A fitted regression: the chance of a yes is the logistic function of a sum.

    ``base`` is the log odds of a row without any known level, ``weights`` has for each feature
    what each of its levels adds to them, ``usual`` what it added on average to the rows learned
    from. A level that was never seen adds nothing.
    """

    base: float
    weights: Mapping[str, Mapping[str, float]]
    usual: Mapping[str, float]

    def parts(self, levels: pd.DataFrame) -> pd.DataFrame:
        """What each feature adds to the log odds of each row."""
        return pd.DataFrame({name: self._part(levels[name]) for name in self.weights})

    def chances(self, levels: pd.DataFrame) -> FloatArray:
        """The chance of a yes, for each row."""
        odds = np.full(len(levels), self.base)
        for name in self.weights:
            odds += self._part(levels[name])
        return logistic(odds)

    def _part(self, feature: pd.Series[str]) -> FloatArray:
        weights = self.weights[str(feature.name)]
        by_code = np.array([weights.get(str(level), 0.0) for level in feature.cat.categories])
        part: FloatArray = by_code[feature.cat.codes.to_numpy()]
        return part


def fit_logistic(levels: pd.DataFrame, is_yes: npt.NDArray[np.bool_]) -> Logistic:
    """Fit a regression with a ridge, by Newton's method.

    The more rows a level has, the more its own outcomes count: that is how a level with few rows
    is judged by what all have in common.

    Args:
        levels: A categorical column per feature, none of them missing; at least one row.
        is_yes: The outcome of each row.

    Raises:
        LateFieldError: A feature is written after the outcome is known.
    """
    from threadpoolctl import threadpool_limits

    refuse_late_fields(map(str, levels.columns))
    design, names = _design(levels)
    with threadpool_limits(1):  # adds up in one order: the same on any number of cores
        weights = _newton(design, is_yes)
    found: dict[str, dict[str, float]] = {str(feature): {} for feature in levels}
    usual = dict.fromkeys(found, 0.0)
    shares = np.asarray(design.mean(axis=0)).ravel()
    for (feature, level), weight, share in zip(names, weights[1:], shares[1:], strict=True):
        found[feature][level] = float(weight)
        usual[feature] += float(weight * share)
    return Logistic(float(weights[0]), found, usual)


def _newton(design: csr_matrix, is_yes: npt.NDArray[np.bool_]) -> FloatArray:
    yes = is_yes.astype(float)
    mean = (yes.sum() + 0.5) / (len(yes) + 1)
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 1e-6
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(mean / (1 - mean))
    for _ in range(MAXIMUM_STEPS):
        chance = logistic(design @ weights)
        slope = design.T @ (yes - chance) - penalty * weights
        spread = design.multiply((chance * (1 - chance))[:, None]).tocsr()
        step = np.linalg.solve((design.T @ spread).toarray() + np.diag(penalty), slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < TOLERANCE:
            break
    return weights


def logistic(odds: FloatArray) -> FloatArray:
    """The chance of log odds."""
    chance: FloatArray = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chance


def _design(levels: pd.DataFrame) -> tuple[csr_matrix, list[tuple[str, str]]]:
    """A column of ones, then one per feature and level: 1 where the row has it."""
    from scipy.sparse import csr_matrix

    names: list[tuple[str, str]] = []
    places: list[npt.NDArray[np.integer]] = [np.zeros(len(levels), dtype=np.int64)]
    for name, full in levels.items():
        feature = full.cat.remove_unused_categories()
        places.append(1 + len(names) + feature.cat.codes.to_numpy(dtype=np.int64))
        names += [(str(name), str(level)) for level in feature.cat.categories]
    columns = np.stack(places, axis=1)
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    shape = (len(levels), 1 + len(names))
    return csr_matrix((np.ones(columns.size), columns.ravel(), starts), shape=shape), names
