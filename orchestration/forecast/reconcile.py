"""Ways to make the forecasts of reps and company agree.

Each takes what was forecast for the company (one amount per month) and for every rep (a row each),
and how their errors vary together (company first), and gives the reps' amounts, whose sum is then
the company's. Which of them is used is decided by the backtest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from orchestration.forecast.methods import FloatArray


def bottom_up(company: FloatArray, reps: FloatArray, errors: FloatArray) -> FloatArray:  # noqa: ARG001
    """The reps as they are; the company is their sum."""
    return reps


def top_down(company: FloatArray, reps: FloatArray, errors: FloatArray) -> FloatArray:  # noqa: ARG001
    """The company as it is, shared among the reps in proportion to their own forecasts.

    In a month in which no rep expects anything, the shares are those of all months together; when
    there are none either, they are equal.
    """
    weights = reps.copy()
    for shares in (reps.sum(axis=1, keepdims=True), np.ones((len(reps), 1))):
        weights = np.where(weights.sum(axis=0) > 0, weights, shares)
    shared: FloatArray = weights / weights.sum(axis=0) * company
    return shared


def mint_ols(company: FloatArray, reps: FloatArray, errors: FloatArray) -> FloatArray:  # noqa: ARG001
    """Every forecast moved by as much, the least that lets them agree (MinT with OLS weights)."""
    return _least_moved(company, reps, np.eye(1 + len(reps)))


def mint_shrink(company: FloatArray, reps: FloatArray, errors: FloatArray) -> FloatArray:
    """Forecasts moved the more, the more they were off at past origins (MinT-shrink)."""
    return _least_moved(company, reps, shrunk_covariance(errors))


def shrunk_covariance(errors: FloatArray) -> FloatArray:
    """The covariance of errors, pulled towards none between nodes as far as they are too few.

    The share by which it is pulled is that of Schäfer and Strimmer. A node without errors is given
    a hundredth of the mean variance; without any errors all are alike.

    Args:
        errors: A row per past forecast, a column per node.
    """
    count, nodes = errors.shape
    covariance = errors.T @ errors / max(count, 1)
    variance = np.diag(covariance)
    if count < 2 or not variance.any():
        return np.eye(nodes)
    deviation = np.sqrt(np.where(variance > 0, variance, 1.0))
    scaled = errors / deviation
    correlation = scaled.T @ scaled / count
    noise = ((scaled**2).T @ (scaled**2) / count - correlation**2) / (count - 1)
    apart = ~np.eye(nodes, dtype=bool)
    signal = float((correlation[apart] ** 2).sum())
    pulled = float(np.clip(noise[apart].sum() / signal, 0.0, 1.0)) if signal > 0 else 1.0
    shrunk = np.where(apart, (1 - pulled) * covariance, covariance)
    shrunk[~apart] = np.maximum(variance, variance.mean() / 100)
    return np.asarray(shrunk, dtype=float)


def _least_moved(company: FloatArray, reps: FloatArray, covariance: FloatArray) -> FloatArray:
    """The forecasts nearest to those given, by a covariance, that add up and are not negative."""
    gap = company - reps.sum(axis=0)
    apart = np.concatenate([[1.0], np.full(len(reps), -1.0)])
    towards = covariance @ apart
    if not apart @ towards > 1e-9 * np.trace(covariance):  # errors that never part tell nothing
        towards = apart
    moved = reps - np.outer(towards[1:], gap) / (apart @ towards)
    return top_down(np.maximum(moved.sum(axis=0), 0.0), np.maximum(moved, 0.0), covariance)


RECONCILIATIONS: dict[str, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    "bottom_up": bottom_up,
    "top_down": top_down,
    "mint_ols": mint_ols,
    "mint_shrink": mint_shrink,
}
