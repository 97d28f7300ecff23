"""Each method carries a series forward, and says what really did."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from orchestration.forecast.methods import SERIES_METHODS, Carried
from orchestration.forecast.methods import carry_forward as carry_forward_with_season
from orchestration.forecast.season import NO_SEASON, seasonal_indices

RISING = np.arange(1.0, 37.0)
PEAKED = np.tile([10.0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 90], 4)


def carry_forward(history: np.ndarray, steps: int) -> dict[str, Carried]:
    return carry_forward_with_season(history, steps, NO_SEASON)


def test_the_naive_repeats_the_last_year():
    assert carry_forward(RISING, 7)["seasonal_naive"].amounts.tolist() == [*range(25, 32)]


def test_theta_and_ets_follow_a_trend():
    made = carry_forward(RISING, 3)
    assert made["theta"].amounts == pytest.approx([37, 38, 39], abs=0.1)
    assert made["ets"].amounts == pytest.approx([37, 38, 39], abs=0.1)
    assert made["theta"].model == "DynamicOptimizedTheta"
    assert made["ets"].model.startswith("AutoETS ETS(")


def test_models_keep_the_season_that_they_are_told():
    season = np.array([0.5, *np.ones(10), 1.5])
    flat = np.full(30, 20.0) + np.tile([0.1, -0.1], 15)
    made = carry_forward_with_season(flat * np.resize(season, 30), 12, season)
    for method in ("theta", "ets"):
        expected = 20 * np.resize(season, 42)[30:]
        assert made[method].amounts == pytest.approx(expected, rel=0.01)
        assert made[method].model.endswith(", with the company's season")
    assert made["seasonal_naive"].model == "SeasonalNaive"


def test_the_ensemble_is_the_median_of_the_other_three():
    made = carry_forward(RISING, 7)
    others = [made[method].amounts for method in SERIES_METHODS[:3]]
    assert made["median_ensemble"].amounts.tolist() == np.median(others, axis=0).tolist()
    assert made["median_ensemble"].model.startswith("Median of (SeasonalNaive), (D")


def test_a_series_of_less_than_a_year_has_its_average_and_says_so():
    for carried in carry_forward(np.array([10.0, 20.0, 60.0]), 2).values():
        assert carried.amounts.tolist() == [30.0, 30.0]
        assert carried.model == "Average"


def test_a_first_big_deal_is_spread_over_half_a_year():
    made = carry_forward(np.array([0.0] * 29 + [60.0]), 2)
    assert made["ets"].amounts.tolist() == [10.0, 10.0]
    assert made["ets"].model == "Average"


def test_a_year_without_bookings_promises_nothing():
    for carried in carry_forward(np.array([50.0] * 12 + [0.0] * 12), 3).values():
        assert carried.amounts.tolist() == [0.0, 0.0, 0.0]
        assert carried.model == "Zero: no bookings in 12 months"


def test_a_model_that_would_run_away_is_replaced_by_the_average_under_its_name():
    explosion = np.concatenate([np.full(20, 1.0), 10.0 ** np.arange(1, 9)])
    for method in ("theta", "ets"):
        carried = carry_forward(explosion, 7)[method]
        assert carried.amounts.max() <= 10 * explosion.max()


@pytest.mark.parametrize(
    "history",
    [
        np.full(36, 5.0),
        np.full(36, 1e-9),
        np.array([*np.zeros(35), 1e12]),
        np.array([1.0, *np.zeros(34), 1.0]),
        -RISING,
        np.tile([0.0, 100.0], 20),
        np.random.default_rng(0).random(12),
        np.random.default_rng(0).random(13) * 1e11,
        np.random.default_rng(0).random(23),
        np.random.default_rng(0).random(24),
        np.random.default_rng(0).normal(0, 5, 36),
    ],
    ids=[
        "constant", "tiny", "one huge month", "two spikes", "negative", "alternating",
        "12 months", "13 months", "23 months", "24 months", "around zero",
    ],
)  # fmt: skip
def test_any_series_gives_amounts_that_are_finite_and_not_negative(history):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = carry_forward_with_season(history, 7, seasonal_indices(history))
    assert tuple(made) == SERIES_METHODS
    for carried in made.values():
        assert carried.amounts.shape == (7,)
        assert np.isfinite(carried.amounts).all()
        assert (carried.amounts >= 0).all()
        assert carried.model
