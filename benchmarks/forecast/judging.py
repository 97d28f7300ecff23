"""Choosing a method as the product does, and measuring it, on origins that move through time.

At each origin the methods are judged by the earlier origins whose truth was known by then, and the
best of them is the one that counts. So nothing that is measured was used to choose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.forecast.intervals import FEWEST_ERRORS, conformal_quantiles

FloatArray = npt.NDArray[np.float64]

NAIVE = "seasonal_naive"
FEWEST_ORIGINS = 3


@dataclass(frozen=True)
class Origin:
    """What every way forecast at one origin, and what came.

    ``forecasts`` has, by way, an array of nodes (the company first) x steps; ``came`` is alike.
    ``known_at`` is the first origin at which all of it is past. ``scale`` is the usual size of each
    node as known at the origin.
    """

    at: int
    known_at: int
    forecasts: Mapping[str, FloatArray]
    came: FloatArray
    scale: FloatArray


@dataclass(frozen=True)
class Judged:
    """Sums over the origins that were asked for."""

    wape: float
    bias: float


def chosen(origins: Sequence[Origin], now: int) -> str:
    """The way with the least error against the naive at origins whose truth is known by ``now``.

    The company and its nodes count alike. Without three such origins, or where nothing beats the
    naive, it is the naive.
    """
    known = [origin for origin in origins if origin.known_at <= now]
    if len(known) < FEWEST_ORIGINS:
        return NAIVE
    against = {way: _errors(known, way) / _errors(known, NAIVE) for way in known[0].forecasts}
    best = min(against, key=lambda way: float(against[way].mean()))
    return best if against[best].mean() < 1 else NAIVE


def _errors(origins: Sequence[Origin], way: str) -> FloatArray:
    missed = [np.abs(origin.forecasts[way] - origin.came) for origin in origins]
    company = sum(float(errors[0].sum()) for errors in missed)
    nodes = sum(float(errors[1:].sum()) for errors in missed)
    return np.array([company, nodes])


def judge(origins: Sequence[Origin], ways: Mapping[int, str], nodes: slice) -> Judged:
    """The error over some nodes, at each origin of the way that counts there."""
    wanted = [origin for origin in origins if origin.at in ways]
    missed = [origin.forecasts[ways[origin.at]][nodes] - origin.came[nodes] for origin in wanted]
    size = sum(float(np.abs(origin.came[nodes]).sum()) for origin in wanted)
    total = sum(float(np.abs(error).sum()) for error in missed)
    return Judged(total / size, sum(float(error.sum()) for error in missed) / size)


def coverage(origins: Sequence[Origin], ways: Mapping[int, str], nodes: slice) -> tuple[int, int]:
    """How many actuals were judged, and how many lay in the 80 % interval.

    The interval of an origin comes from the errors of the way at origins known by then, pooled over
    the nodes and divided by the usual size of each node.
    """
    count = within = 0
    for origin in (origin for origin in origins if origin.at in ways):
        way = ways[origin.at]
        known = [past for past in origins if past.known_at <= origin.at]
        for step in range(origin.came.shape[1]):
            errors = [
                (past.came[nodes, step] - past.forecasts[way][nodes, step]) / past.scale[nodes]
                for past in known
            ]
            pooled = np.concatenate([[], *errors])
            if len(pooled) < FEWEST_ERRORS:
                continue
            low, _, high = conformal_quantiles(pooled)
            scale = origin.scale[nodes]
            forecast, came = origin.forecasts[way][nodes, step], origin.came[nodes, step]
            lower = np.minimum(np.maximum(forecast + low * scale, 0.0), forecast)
            upper = np.maximum(forecast + high * scale, forecast)
            count += len(came)
            within += int(((lower <= came) & (came <= upper)).sum())
    return count, within
