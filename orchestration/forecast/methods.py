"""Methods that carry the history of one series forward.

Each forecast says in words what really made it: a series too short or too empty for a method gets
a plainer one, and its name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SEASON = 12
SHORTEST_FITTED = 12
"""Months a series needs before a model is fitted to it."""
SHORTEST_AVERAGED = 6
"""An average is over as many months at least, so that a first big deal promises no second."""
SEASONAL_NAIVE = "seasonal_naive"
MEDIAN, PIPELINE, STACK = "median_ensemble", "pipeline", "stack"
MARKET, SUBMITTED = "market", "submitted"
SERIES_METHODS = (SEASONAL_NAIVE, "theta", "ets", MEDIAN)
MEMBERS = (*SERIES_METHODS, MARKET, PIPELINE, SUBMITTED)
"""The methods that the stack weighs, where they have anything to say."""
METHODS = (*MEMBERS, STACK)
"""The naive comes first: the others have to beat it."""


@dataclass(frozen=True)
class Carried:
    """One series carried forward: an amount per month ahead, never negative."""

    amounts: FloatArray
    model: str


def carry_forward(
    history: FloatArray, steps: int, season: FloatArray, instead: Carried | None = None
) -> dict[str, Carried]:
    """Forecasts of a series by every method that needs nothing else.

    Args:
        history: Amounts of the complete months, oldest first.
        steps: Months to forecast, the first of them right after the history.
        season: The size of each month of the year, the first being that of ``history[0]``; the
            models are fitted to what is left without it.
        instead: Taken instead of the models where the series is too new for them; without season.
    """
    if instead is None and not history[-SEASON:].any():
        return dict.fromkeys(
            SERIES_METHODS, Carried(np.zeros(steps), "Zero: no bookings in 12 months")
        )
    sizes = np.resize(season, len(history) + steps)
    before, ahead = sizes[: len(history)], sizes[len(history) :]
    naive = seasonal_naive(history, steps)
    theta, ets = (instead, instead) if instead else _fitted(history / before, steps)
    if not (season == 1).all():
        theta, ets = _with_season(theta, ahead), _with_season(ets, ahead)
    return dict(zip(SERIES_METHODS, (naive, theta, ets, _median((naive, theta, ets))), strict=True))


def _fitted(adjusted: FloatArray, steps: int) -> tuple[Carried, Carried]:
    """The models' forecasts; the average of a series that is too short for them, or flat."""
    own = adjusted[np.flatnonzero(adjusted)[0] :]
    if len(own) < SHORTEST_FITTED or np.ptp(own) == 0:
        usual = average(adjusted[-max(len(own), SHORTEST_AVERAGED) :], steps)
        return usual, usual
    return dynamic_optimized_theta(own, steps), auto_ets(own, steps)


def _with_season(carried: Carried, ahead: FloatArray) -> Carried:
    return Carried(carried.amounts * ahead, f"{carried.model}, with the company's season")


def seasonal_naive(history: FloatArray, steps: int) -> Carried:
    """The same month of a year ago; the average where the history does not reach back to it."""
    if len(history) < SEASON:
        return average(history, steps)
    year = np.maximum(history[-SEASON:], 0.0)
    return Carried(year[np.arange(steps) % SEASON], "SeasonalNaive")


def average(history: FloatArray, steps: int) -> Carried:
    """The mean of all months."""
    return Carried(np.full(steps, max(0.0, float(history.mean()))), "Average")


def dynamic_optimized_theta(history: FloatArray, steps: int) -> Carried:
    """Statsforecast's DynamicOptimizedTheta, without a season."""
    from statsforecast.models import DynamicOptimizedTheta

    model = DynamicOptimizedTheta(season_length=1)
    return _kept(model.forecast(history, steps)["mean"], "DynamicOptimizedTheta", history)


def auto_ets(history: FloatArray, steps: int) -> Carried:
    """Statsforecast's AutoETS, without a season; its name says which form it chose."""
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=1).fit(history)
    return _kept(model.predict(steps)["mean"], f"AutoETS {model.model_['method']}", history)


def _kept(amounts: FloatArray, model: str, history: FloatArray) -> Carried:
    """The model's amounts cut at zero, unless it ran away; then the average, under its name."""
    if not np.isfinite(amounts).all() or amounts.max() > 10 * np.abs(history).max():
        return average(history, len(amounts))
    return Carried(np.maximum(amounts, 0.0), model)


def _median(members: tuple[Carried, ...]) -> Carried:
    names = list(dict.fromkeys(member.model for member in members))
    if len(names) == 1:
        return members[0]
    amounts = np.median([member.amounts for member in members], axis=0)
    return Carried(amounts, f"Median of ({'), ('.join(member.model for member in members)})")
