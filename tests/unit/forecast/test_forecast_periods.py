"""Months and quarters around an origin."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from orchestration.forecast.periods import (
    days_left,
    first_open_month,
    month_of,
    origin_before,
    periods_ahead,
)

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


def quarters(as_of: dt.date, start_month: int) -> list[tuple[int, int, int, dt.date]]:
    return [
        (period.horizon, period.first, period.last, period.start_date)
        for period in periods_ahead(as_of, start_month)
        if period.period_type == "quarter"
    ]


def test_an_origin_is_as_far_from_the_end_of_its_month():
    assert origin_before(dt.date(2026, 6, 18), 1) == dt.date(2026, 5, 19)
    assert origin_before(dt.date(2026, 6, 18), 4) == dt.date(2026, 2, 16)


def test_the_last_day_of_a_month_goes_with_the_last_days_of_others():
    assert origin_before(dt.date(2026, 6, 30), 4) == dt.date(2026, 2, 28)
    assert origin_before(dt.date(2024, 3, 31), 1) == dt.date(2024, 2, 29)


def test_the_first_day_of_a_long_month_goes_with_the_first_of_a_short_one():
    assert origin_before(dt.date(2026, 3, 1), 1) == dt.date(2026, 2, 1)


@given(DAYS, st.integers(0, 60))
def test_origins_keep_their_distance_in_months_and_whether_their_month_is_over(day, months):
    origin = origin_before(day, months)
    assert month_of(origin) == month_of(day) - months
    assert (days_left(origin) == 0) == (days_left(day) == 0)


def test_a_month_is_over_on_its_last_day():
    june = 2026 * 12 + 5
    assert first_open_month(dt.date(2026, 6, 29)) == june
    assert first_open_month(dt.date(2026, 6, 30)) == june + 1


def test_the_quarter_in_progress_holds_the_months_already_over():
    assert quarters(dt.date(2026, 6, 18), 2)[0] == (0, -1, 1, dt.date(2026, 5, 1))
    assert quarters(dt.date(2026, 6, 18), 1)[0] == (0, -2, 0, dt.date(2026, 4, 1))
    assert quarters(dt.date(2026, 6, 18), 12)[0] == (0, 0, 2, dt.date(2026, 6, 1))


def test_a_quarter_is_forecast_only_when_all_its_months_are():
    assert [quarter[2] for quarter in quarters(dt.date(2026, 6, 18), 2)] == [1, 4, 7, 10]
    assert [quarter[2] for quarter in quarters(dt.date(2026, 6, 18), 1)] == [0, 3, 6, 9, 12]


@given(DAYS, st.integers(1, 12))
def test_quarters_follow_each_other_and_start_with_a_fiscal_quarter(day, start_month):
    found = quarters(day, start_month)
    assert found[0][1] <= 0 <= found[0][2]
    for (_, first, last, start), following in zip(found, [*found[1:], None], strict=True):
        assert last == first + 2
        assert (start.month - start_month) % 3 == 0
        assert following is None or following[1] == last + 1
