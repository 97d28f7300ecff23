"""What the planted parameters lead one to expect: bookings by seat and month, and quotas.

The expectation is that of somebody who knows the truth but not the luck. No forecast can do better
in the long run, so it is the yardstick for a forecast of the sample company; it also goes on for
months that lie after the newest extract. It leaves out what hardly matters (reopened and deleted
deals), and is right to a few percent.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from orchestration.sample.chance import Chance, mean_of
from orchestration.sample.clock import moment, month_of, month_start
from orchestration.sample.company import Company
from orchestration.sample.people import Person, Seat
from orchestration.sample.truth import KINDS

_LONGEST_LAG = 10  # months from creation to winning
# Quotes, discounts and deals without an amount, against the amount first meant.
_AMOUNT_AT_CLOSE = 0.97
# Share of the touched deals in which somebody responded.
_RESPONDED = 0.9
# Finance divides a year's quota by these; they sum to 12.
_QUOTA_MONTHS = (0.9, 0.8, 1.2, 0.95, 0.95, 1.2, 0.9, 0.85, 1.15, 0.9, 1.0, 1.2)


class Expectation:
    """Expected bookings of a company, in US dollars."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._worths: dict[tuple[int, int], float] = {}

    def bookings(self, seat: Seat, month: int) -> float:
        """Expected bookings of a seat in a month (0 = January 2023), by whoever holds it."""
        company = self._company
        total = 0.0
        for created in range(max(0, month - _LONGEST_LAG), month + 1):
            owner = seat.owner(moment(month_start(created), 12))
            drift = company.truth.drift(seat.region.name, month_start(created))
            deals = company.workload(seat, created) * company.deals_per_workload
            total += deals * owner.skill * drift * self._value_of_deal(seat, created, month)
        return total

    def company_bookings(self, month: int) -> float:
        """Expected bookings of the whole company in a month."""
        return sum(self.bookings(seat, month) for seat in self._company.staff.seats)

    def quota(self, seat: Seat, rep: Person, month: int) -> float:
        """Quota of a rep for a month: what finance thinks the seat is worth, wrong by up to 20 %.

        It ignores the rep's skill, ramp-up and the drift, and a year is divided by fixed shares.
        """
        year = month // 12
        error = Chance(self._company.seed, "quota", rep.number, year).between(0.8, 1.12)
        return self._worth(seat, year) / 12 * _QUOTA_MONTHS[month % 12] * error

    def _worth(self, seat: Seat, year: int) -> float:
        """Expected bookings of a seat in a year by a rep of skill 1; 0 is 2023."""
        if (seat.number, year) not in self._worths:
            worth = 0.0
            for due in range(year * 12, year * 12 + 12):
                for created in range(max(0, due - _LONGEST_LAG), due + 1):
                    deals = self._company.potential(seat, created)
                    worth += deals * self._value_of_deal(seat, created, due)
            # The first year lacks the deals of the year before.
            worth *= self._company.deals_per_workload * (1.25 if year == 0 else 1.0)
            self._worths[seat.number, year] = worth
        return self._worths[seat.number, year]

    def _value_of_deal(self, seat: Seat, created: int, month: int) -> float:
        """Expected bookings in a month from one deal created in another, by a rep of skill 1."""
        truth = self._company.truth
        touched = truth.campaign_touch_share * _RESPONDED
        uplift = truth.campaign_win_uplift * truth.campaign_amount_uplift
        value = seat.region.typical_amount * mean_of(truth.amount_spread) * _AMOUNT_AT_CLOSE
        value *= 1 - touched + touched * uplift
        lags = self._lags[created % 3]
        return value * sum(
            truth.kind_share(kind) * truth.win_chance[kind] * truth.amount_factor[kind]
            * lags[kind].get(month - created, 0.0)
            for kind in range(len(KINDS))
        )  # fmt: skip

    @cached_property
    def _lags(self) -> list[list[dict[int, float]]]:
        """By month of the quarter and kind: share of wins that come so many months later."""
        return [[self._lag_of(first, kind) for kind in range(len(KINDS))] for first in range(3)]

    def _lag_of(self, created: int, kind: int) -> dict[int, float]:
        truth, table = self._company.truth, self._company.truth.cycle_days[kind]
        shares: dict[int, float] = {}
        steps, days_tried = 40, range(2, 30, 4)
        weight = 1.0 / (steps * len(days_tried))
        for step in range(steps):
            place = (step + 0.5) / steps * (len(table) - 1)
            low = int(place)
            days = table[low] + (table[low + 1] - table[low]) * (place - low)
            for day in days_tried:
                due = month_start(created) + dt.timedelta(days=day - 1 + int(days))
                lag = month_of(due) - created
                pulled = truth.quarter_end_pull[(due.month - 1) % 3]
                to_end = lag + 2 - (due.month - 1) % 3
                shares[lag] = shares.get(lag, 0.0) + weight * (1 - pulled)
                shares[to_end] = shares.get(to_end, 0.0) + weight * pulled
        return shares
