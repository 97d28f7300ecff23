"""Months and fiscal quarters around an origin, the day a forecast is made on.

A month is a whole number, ``year * 12 + month - 1``, so that neighbours differ by one.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

HORIZON_MONTHS = 6
"""Whole months forecast beyond the month in progress."""

PeriodType = Literal["month", "quarter"]


@dataclass(frozen=True)
class Period:
    """One period to forecast.

    ``first`` and ``last`` are its months counted from the origin's own month: 0 is the month in
    progress, -1 the complete month before it. ``horizon`` counts in periods, 0 being the one in
    progress.
    """

    period_type: PeriodType
    horizon: int
    first: int
    last: int
    start_date: dt.date


def month_of(day: dt.date) -> int:
    """The month a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> dt.date:
    """The first day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def days_in(month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(month // 12, month % 12 + 1)[1]


def days_left(day: dt.date) -> int:
    """Days of the month that come after ``day``; 0 on the last one."""
    return days_in(month_of(day)) - day.day


def first_open_month(day: dt.date) -> int:
    """The first month that is not over at the end of ``day``."""
    return month_of(day + dt.timedelta(days=1))


def origin_before(as_of: dt.date, months: int) -> dt.date:
    """The day as many months earlier that has as many days left in its month.

    Sales crowd at the end of a month, so days are counted from there. In a shorter month the
    earliest such day is its first.
    """
    month = month_of(as_of) - months
    return first_day(month).replace(day=max(1, days_in(month) - days_left(as_of)))


def periods_ahead(as_of: dt.date, fiscal_year_start_month: int) -> list[Period]:
    """What is forecast on ``as_of``: the month in progress, the months after it, and the quarters.

    A fiscal quarter is among them when all its months are complete, in progress or forecast.
    """
    now = month_of(as_of)
    months = [
        Period("month", ahead, ahead, ahead, first_day(now + ahead))
        for ahead in range(HORIZON_MONTHS + 1)
    ]
    start = -((as_of.month - fiscal_year_start_month) % 3)
    quarters = [
        Period("quarter", number, first, first + 2, first_day(now + first))
        for number, first in enumerate(range(start, HORIZON_MONTHS - 1, 3))
    ]
    return months + quarters
