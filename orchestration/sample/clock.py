"""Days, months and working hours of the sample company. Every moment is in UTC."""

from __future__ import annotations

import datetime as dt

# The CRM went live on this day; deals that were open then were taken over as they stood.
GO_LIVE = dt.date(2023, 7, 1)
EXTRACT_DATES = (dt.date(2026, 5, 31), dt.date(2026, 6, 30))
# The reorganisation falls between the two extracts.
REORGANISATION = dt.datetime(2026, 6, 8, 3, 0, tzinfo=dt.UTC)
# Months are counted from here, half a year before the CRM, so that it starts with open deals.
_FIRST_YEAR = 2023
MONTHS = 42


def extract_moment(day: dt.date) -> dt.datetime:
    """When the extract of a day is taken: after the last change of that day."""
    return moment(day, 23)


def moment(day: dt.date, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """A moment of a day, in UTC."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=dt.UTC)


def month_start(month: int) -> dt.date:
    """First day of a month; 0 is January 2023, and 12 January 2024."""
    return dt.date(_FIRST_YEAR + month // 12, month % 12 + 1, 1)


def month_of(day: dt.date) -> int:
    """Number of the month that holds a day."""
    return (day.year - _FIRST_YEAR) * 12 + day.month - 1


def month_end(day: dt.date) -> dt.date:
    """Last day of the month that holds a day."""
    return month_start(month_of(day) + 1) - dt.timedelta(days=1)


def quarter_end(day: dt.date) -> dt.date:
    """Last day of the calendar quarter that holds a day."""
    return month_start(month_of(day) // 3 * 3 + 3) - dt.timedelta(days=1)


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def working_days(month: int) -> list[dt.date]:
    """The days from Monday to Friday of a month."""
    first = month_start(month)
    days = (month_start(month + 1) - first).days
    month_days = (first + dt.timedelta(days=offset) for offset in range(days))
    return [day for day in month_days if day.weekday() < 5]
