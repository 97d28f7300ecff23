"""Reps and company made to agree."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from orchestration.forecast.reconcile import RECONCILIATIONS

AMOUNTS = st.floats(0, 1e9, allow_subnormal=False)


def test_bottom_up_leaves_the_reps_as_they_are():
    reps = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert RECONCILIATIONS["bottom_up"](np.array([100.0, 100.0]), reps).tolist() == reps.tolist()


def test_top_down_shares_the_company_in_proportion():
    reps = np.array([[1.0, 2.0], [3.0, 2.0]])
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 60.0]), reps)
    assert shared.tolist() == [[25.0, 30.0], [75.0, 30.0]]


def test_a_month_in_which_no_rep_expects_anything_is_shared_as_the_others_are():
    reps = np.array([[1.0, 0.0], [3.0, 0.0]])
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 60.0]), reps)
    assert shared.tolist() == [[25.0, 15.0], [75.0, 45.0]]


def test_reps_who_expect_nothing_at_all_have_equal_shares():
    shared = RECONCILIATIONS["top_down"](np.array([100.0, 0.0]), np.zeros((4, 2)))
    assert shared.tolist() == [[25.0, 0.0]] * 4


@given(
    hnp.arrays(float, st.tuples(st.integers(1, 9), st.just(7)), elements=AMOUNTS),
    hnp.arrays(float, 7, elements=AMOUNTS),
)
def test_shares_of_the_company_add_up_to_it_and_are_never_negative(reps, company):
    shared = RECONCILIATIONS["top_down"](company, reps)
    assert (shared >= 0).all()
    np.testing.assert_allclose(shared.sum(axis=0), company, rtol=1e-9, atol=1e-6)
