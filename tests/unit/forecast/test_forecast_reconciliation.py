"""Reps and company made to agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from orchestration.forecast.reconcile import RECONCILIATIONS, shrunk_covariance

NO_ERRORS = np.zeros((0, 0))
AMOUNTS = st.floats(0, 1e9, allow_subnormal=False)


def test_bottom_up_leaves_the_reps_as_they_are():
    reps = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert (
        RECONCILIATIONS["bottom_up"](np.array([100.0, 100.0]), reps, NO_ERRORS).tolist()
        == reps.tolist()
    )


def test_top_down_shares_the_company_in_proportion():
    reps = np.array([[1.0, 2.0], [3.0, 2.0]])
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 60.0]), reps, NO_ERRORS)
    assert shared.tolist() == [[25.0, 30.0], [75.0, 30.0]]


def test_a_month_in_which_no_rep_expects_anything_is_shared_as_the_others_are():
    reps = np.array([[1.0, 0.0], [3.0, 0.0]])
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 60.0]), reps, NO_ERRORS)
    assert shared.tolist() == [[25.0, 15.0], [75.0, 45.0]]


def test_reps_who_expect_nothing_at_all_have_equal_shares():
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 0.0]), np.zeros((4, 2)), NO_ERRORS)
    assert shared.tolist() == [[25.0, 0.0]] * 4


def test_the_least_move_is_shared_by_all_alike():
    moved = RECONCILIATIONS["mint_ols"](np.array([106.0]), np.array([[60.0], [40.0]]), NO_ERRORS)
    assert moved.ravel().tolist() == pytest.approx([62.0, 42.0])


def test_who_was_off_the_most_moves_the_most():
    # Company, then two reps: the second rep's errors have nine times the variance of the first's.
    errors = np.array([[1.0, 1.0, 3.0], [1.0, -1.0, -3.0], [-1.0, 1.0, -3.0], [-1.0, -1.0, 3.0]])
    moved = RECONCILIATIONS["mint_shrink"](np.array([111.0]), np.array([[60.0], [40.0]]), errors)
    assert moved.ravel().tolist() == pytest.approx([61.0, 49.0])


def test_errors_that_go_together_are_told_from_chance():
    random = np.random.default_rng(1)
    shared = random.normal(size=(400, 1))
    together = shrunk_covariance(shared + 0.1 * random.normal(size=(400, 3)))
    apart = shrunk_covariance(random.normal(size=(8, 3)))
    assert together[0, 1] > 0.9 * together[0, 0]
    assert np.abs(apart[0, 1]) < 0.2 * apart[0, 0]


def test_without_errors_all_forecasts_are_as_good():
    assert shrunk_covariance(np.zeros((0, 3))).tolist() == np.eye(3).tolist()
    assert shrunk_covariance(np.zeros((9, 3))).tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("name", ["top_down", "mint_ols", "mint_shrink"])
@given(data=st.data())
def test_whatever_is_forecast_what_agrees_adds_up_and_is_never_negative(name, data):
    count = data.draw(st.integers(1, 9))
    reps = data.draw(hnp.arrays(float, (count, 7), elements=AMOUNTS))
    company = data.draw(hnp.arrays(float, 7, elements=AMOUNTS))
    errors = data.draw(hnp.arrays(float, (5, 1 + count), elements=st.floats(-1e6, 1e6)))
    agreed = RECONCILIATIONS[name](company, reps, errors)
    assert (agreed >= 0).all()
    assert np.isfinite(agreed).all()
    if name == "top_down":
        np.testing.assert_allclose(agreed.sum(axis=0), company, rtol=1e-9, atol=1e-6)
