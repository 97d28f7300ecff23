"""The month in progress, and the split of what is to come."""

from __future__ import annotations

import datetime as dt

import pytest
from small_company import User, World, utc, won_deal
from small_marts import inputs_of, outlooks_of

from orchestration.forecast.hierarchy import COMPANY
from orchestration.forecast.origins import make
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.series import snapshot
from orchestration.forecast.split import open_shares

NOW = dt.date(2026, 6, 18)
MONTHS = [dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(29)]


def early_and_late(early: float, late: float, *, late_last_june: float) -> World:
    """Every month from 2024 to May 2026 so much on its 5th, and so much on its 28th."""
    deals = {}
    for month in MONTHS:
        amount = late_last_june if month == dt.date(2025, 6, 1) else late
        deals[f"early {month}"] = won_deal("rep", month.replace(day=5), early)
        deals[f"late {month}"] = won_deal("rep", month.replace(day=28), amount)
    return World(deals)


def test_of_the_month_in_progress_as_much_is_to_come_as_comes_so_late_in_a_month():
    world = early_and_late(300.0, 100.0, late_last_june=100.0)
    world = world.with_deals({"june": won_deal("rep", dt.date(2026, 6, 5), 250.0)})
    inputs = inputs_of(world, NOW)
    known = snapshot(inputs, NOW)
    assert known.late_share == pytest.approx(0.25)
    theta = outlooks_of(inputs, NOW)["bottom_up", "theta"].to_come.loc[COMPANY]
    assert theta[0] == pytest.approx(100.0)
    assert theta[1] == pytest.approx(400.0)
    assert known.booked.loc[COMPANY, 0] == 250.0


def test_the_naive_expects_what_the_last_such_month_brought_that_is_over_and_as_late_in_this_one():
    inputs = inputs_of(early_and_late(300.0, 100.0, late_last_june=160.0), NOW)
    naive = outlooks_of(inputs, NOW)["bottom_up", "seasonal_naive"].to_come.loc[COMPANY]
    assert naive.to_list() == [160.0, *[400.0] * 11, 460.0]


def test_while_too_few_deals_have_closed_the_split_is_the_one_that_past_origins_saw():
    deals = {}
    for month in MONTHS:
        close = month.replace(day=5)
        deals[f"young {month}"] = won_deal("rep", close, 100.0, created=close - dt.timedelta(40))
        deals[f"old {month}"] = won_deal("rep", close, 300.0, created=close - dt.timedelta(100))
    inputs = inputs_of(World(deals), NOW)
    shares = open_shares(make(inputs, NOW, QuarterPlaces(1), []), inputs)
    # After the 18th nothing closes; the young exist one month ahead, the old three.
    assert shares.loc["rep"].to_list() == [0.0, 1.0, 0.75, 0.75, *[0.0] * 9]


def test_a_close_that_nobody_recorded_is_the_last_thing_of_its_day():
    users = (User("lead a"), User("lead b"), User("rep", "lead a"))
    day = dt.date(2026, 1, 5)
    deals = {
        "assumed": won_deal("rep", day, 10.0, source="assumed"),
        "tracked": won_deal("rep", day, 7.0),
    }
    moved = User("rep", "lead b", valid_from=utc(2026, 1, 5, 10))
    known = snapshot(inputs_of(World(deals, users).with_users(moved), NOW), dt.date(2026, 1, 15))
    assert known.booked.loc[("team", "lead a"), 0] == 7.0
    assert known.booked.loc[("team", "lead b"), 0] == 10.0
