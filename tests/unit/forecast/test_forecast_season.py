"""The company's season."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from orchestration.forecast.season import seasonal_indices

PEAKED = np.array([*[10.0] * 11, 130.0])  # a mean month is 20


def test_within_two_years_there_is_no_season():
    assert seasonal_indices(np.resize(PEAKED, 23)).tolist() == [1.0] * 12


def test_after_two_years_half_of_the_season_is_believed():
    assert seasonal_indices(np.tile(PEAKED, 2)) == pytest.approx([0.75] * 11 + [3.75])


def test_after_four_years_three_quarters_are():
    assert seasonal_indices(np.tile(PEAKED, 4)) == pytest.approx([0.625] * 11 + [5.125])


def test_the_first_index_is_that_of_the_month_the_history_begins_with():
    assert int(seasonal_indices(np.roll(np.tile(PEAKED, 3), 5)).argmax()) == 4


def test_steady_growth_is_no_season():
    assert seasonal_indices(np.linspace(100, 200, 36)) == pytest.approx(np.ones(12), abs=1e-9)


def test_months_around_which_nothing_was_booked_say_nothing():
    assert seasonal_indices(np.zeros(36)).tolist() == [1.0] * 12


@given(hnp.arrays(float, st.integers(0, 60), elements=st.floats(-1e9, 1e9)))
def test_indices_are_positive_and_one_on_average(history):
    indices = seasonal_indices(history)
    assert (indices > 0).all()
    assert indices.mean() == pytest.approx(1)
