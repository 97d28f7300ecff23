"""What past origins teach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from orchestration.forecast.learn import correction, member_weights

AMOUNTS = st.floats(0, 1e9, allow_subnormal=False)


def test_a_forecast_that_was_always_right_is_left_alone():
    assert correction(np.full(12, 100.0), np.full(12, 100.0)) == 1.0


def test_without_matured_origins_nothing_is_corrected():
    assert correction(np.array([]), np.array([])) == 1.0
    assert correction(np.zeros(3), np.full(3, 5.0)) == 1.0


def test_a_forecast_that_was_always_too_high_is_lowered_but_not_at_once():
    once = correction(np.array([100.0]), np.array([60.0]))
    often = correction(np.full(12, 100.0), np.full(12, 60.0))
    assert 0.8 < once < 0.85
    assert 0.6 < often < 0.7


def test_the_newest_origins_count_most():
    lately = correction(np.full(8, 100.0), np.array([60.0] * 2 + [100.0] * 6))
    long_ago = correction(np.full(8, 100.0), np.array([100.0] * 6 + [60.0] * 2))
    assert lately < long_ago < 1


def test_no_correction_is_beyond_twice_or_half():
    assert correction(np.full(50, 1.0), np.full(50, 1e6)) == 2.0
    assert correction(np.full(50, 1e6), np.full(50, 0.0)) == 0.5


def test_the_method_that_was_right_gets_nearly_all_weight_in_time():
    random = np.random.default_rng(1)
    actual = random.gamma(4, 100, 60)
    forecasts = np.column_stack([actual, random.gamma(4, 100, 60), random.gamma(4, 100, 60)])
    early, late = (member_weights(forecasts[:n], actual[:n], n) for n in (3, 60))
    assert early[0] < late[0]
    assert late[0] > 0.85


def test_many_forecasts_of_few_origins_teach_little():
    random = np.random.default_rng(2)
    actual = random.gamma(4, 100, 60)
    forecasts = np.column_stack([actual, random.gamma(4, 100, 60)])
    few, many = (member_weights(forecasts, actual, origins)[0] for origins in (2, 60))
    assert 0.5 < few < 0.9 < many


def test_without_past_forecasts_or_differences_all_methods_count_alike():
    assert member_weights(np.zeros((0, 4)), np.zeros(0), 0).tolist() == [0.25] * 4
    assert member_weights(np.full((5, 2), 7.0), np.full(5, 9.0), 5).tolist() == [0.5, 0.5]


def test_methods_that_differ_by_next_to_nothing_beside_what_came_count_alike():
    forecasts = np.array([[0.0, 0.0], [2e-58, 0.0]])
    assert member_weights(forecasts, np.array([5e8, 7e8]), 2).tolist() == [0.5, 0.5]


def test_errors_that_cancel_out_share_the_weight():
    actual = np.full(40, 100.0)
    swing = np.where(np.arange(40) % 2 == 0, 30.0, -30.0)
    forecasts = np.column_stack([actual + swing, actual - swing])
    assert member_weights(forecasts, actual, 40) == pytest.approx([0.5, 0.5], abs=1e-6)


@given(hnp.arrays(float, st.tuples(st.integers(0, 20), st.just(5)), elements=AMOUNTS), st.randoms())
def test_weights_are_never_negative_and_sum_to_one(forecasts, random):
    actual = np.array([random.uniform(0, 1e9) for _ in range(len(forecasts))])
    weights = member_weights(forecasts, actual, len(forecasts))
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)
