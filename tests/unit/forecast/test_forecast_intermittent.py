"""Methods for accounts that buy now and then."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.forecast.intermittent import croston, pooled_average, reorder_cycle, tsb


def bought(months: int, orders: dict[int, float]) -> np.ndarray:
    history = np.zeros((1, months))
    for month, amount in orders.items():
        history[0, month] = amount
    return history


EVERY_FOURTH = bought(24, dict.fromkeys(range(3, 24, 4), 120.0))


def test_an_account_is_expected_to_order_again_when_its_usual_time_has_passed():
    assert reorder_cycle(EVERY_FOURTH, 9).tolist() == [[0, 0, 0, 120, 0, 0, 0, 120, 0]]


def test_an_overdue_order_is_due_next():
    overdue = np.hstack([EVERY_FOURTH, np.zeros((1, 6))])
    assert reorder_cycle(overdue, 6).tolist() == [[120, 0, 0, 0, 120, 0]]


def test_an_account_that_ordered_once_waits_as_long_as_the_others_do():
    both = np.vstack([EVERY_FOURTH, bought(24, {22: 50.0})])
    assert reorder_cycle(both, 6)[1].tolist() == [0, 0, 50, 0, 0, 0]


@pytest.mark.parametrize("method", [croston, tsb])
def test_regular_orders_are_expected_at_about_their_rate(method):
    assert method(EVERY_FOURTH, 3) == pytest.approx(np.full((1, 3), 30.0), rel=0.15)


def test_without_orders_for_long_tsb_expects_ever_less_and_croston_does_not():
    silent = np.hstack([EVERY_FOURTH, np.zeros((1, 24))])
    assert tsb(silent, 1)[0, 0] < 0.1 * tsb(EVERY_FOURTH, 1)[0, 0]
    assert croston(silent, 1)[0, 0] == croston(EVERY_FOURTH, 1)[0, 0]


def test_a_new_account_is_judged_by_what_all_have_in_common():
    old = np.full((9, 24), 10.0)
    known = np.vstack([old, bought(24, {}), bought(24, {23: 50.0})])
    mean = known[:, -12:].mean()
    assert pooled_average(known, 1)[[0, 9, 10], 0] == pytest.approx(
        [(120 + 3 * mean) / 15, mean, (50 + 3 * mean) / 4]
    )


@pytest.mark.parametrize("method", [croston, pooled_average, reorder_cycle, tsb])
def test_nothing_bought_is_nothing_expected(method):
    assert method(np.zeros((2, 24)), 3).tolist() == [[0.0] * 3] * 2
