"""Months and fiscal quarters around an origin, the day a forecast is made on.

A month is a whole number, ``year * 12 + month - 1``, so that neighbours differ by one.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

HORIZON_MONTHS = 12
"""Whole months forecast beyond the month in progress."""

PeriodType = Literal["month", "quarter"]

EPOCH = dt.date(1970, 1, 1)

DayArray = npt.NDArray[np.int64]
"""Days as whole numbers, counted from 1970-01-01."""


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


@dataclass(frozen=True)
class QuarterPlaces:
    """Where in its fiscal quarter a day lies."""

    fiscal_year_start_month: int

    def months(self, days: DayArray) -> npt.NDArray[np.str_]:
        """The month of the quarter, 'month 1' to 'month 3'."""
        names = np.array(["month 1", "month 2", "month 3"])
        found: npt.NDArray[np.str_] = names[self._months_before(days)]
        return found

    def weeks(self, days: DayArray) -> npt.NDArray[np.str_]:
        """The week of the quarter, 'week 01' to 'week 14'."""
        first_months = _months(days) - self._months_before(days)
        first_days = first_months.astype("datetime64[D]").astype(np.int64)
        names = np.array([f"week {week:02}" for week in range(1, 15)])
        found: npt.NDArray[np.str_] = names[(days - first_days) // 7]
        return found

    def _months_before(self, days: DayArray) -> npt.NDArray[np.int64]:
        return (_months(days).astype(np.int64) + 1 - self.fiscal_year_start_month) % 3


def _months(days: DayArray) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[M]")


def day_number(day: dt.date) -> int:
    """A day as a whole number, counted from 1970-01-01."""
    return (day - EPOCH).days


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
