"""The company at one scale: how big it is, who works there, what it was planted with."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property

from orchestration.sample import ids, names
from orchestration.sample.campaigns import Campaigns
from orchestration.sample.chance import Chance
from orchestration.sample.clock import GO_LIVE, MONTHS, moment, month_start
from orchestration.sample.people import Person, Seat, Staff, staff
from orchestration.sample.truth import Truth

# The committed sample. At 1 the company has 100,000 opportunities.
SMALL_SCALE = 0.0195


@dataclass(frozen=True)
class Size:
    """How many of everything there are at a scale; 1 is a company of 100,000 opportunities.

    A bigger company also records more about each deal: the small sample stays below 5 MB, while
    from scale 0.1 on a deal has about 10 history rows, 20 activities and 5 campaign members.
    """

    scale: float

    def __post_init__(self) -> None:
        if not 0.001 <= self.scale <= 100:
            raise ValueError(f"a scale must be from 0.001 to 100, found {self.scale}")

    def _detail(self, low: float, high: float) -> float:
        return low + (high - low) * min(1.0, max(0.0, (self.scale - 0.025) / 0.075))

    def _number(self, at_one: float, at_least: int) -> int:
        return max(at_least, int(at_one * self.scale + 0.5))

    @cached_property
    def deals(self) -> int:
        """Opportunities, of which some closed before the CRM went live."""
        return self._number(107_500, 60)

    @cached_property
    def seats(self) -> int:
        """Sales territories, each held by one rep after another: 320 at scale 1."""
        # Roots are exact in IEEE arithmetic, other powers are not.
        root = math.sqrt(self.scale)
        return max(20, int(320 * root * math.sqrt(root)))

    @cached_property
    def accounts(self) -> int:
        """Accounts, the same number for each seat."""
        return max(4, self._number(30_000, 1) // self.seats) * self.seats

    @cached_property
    def leads(self) -> int:
        """Leads that no deal came of."""
        return int(self._number(175_000, 60) * self._detail(0.22, 1.0))

    @cached_property
    def campaigns(self) -> int:
        """Campaigns of the CRM, without programmes and advertising."""
        return self._number(400, 42)

    @cached_property
    def advertising(self) -> int:
        """Advertising campaigns, each with a row per day."""
        return self._number(160, 3)

    @cached_property
    def edits(self) -> float:
        """Mean number of small edits of amount and close date in a deal's life."""
        return self._detail(0.15, 6.5)

    @cached_property
    def tasks(self) -> float:
        """Mean number of tasks of a deal."""
        return self._detail(0.7, 17.0)

    @cached_property
    def meetings(self) -> float:
        """Mean number of meetings of a deal."""
        return self._detail(0.2, 2.5)

    @cached_property
    def mailings(self) -> float:
        """Mean number of campaigns that a lead without a deal is a member of."""
        return self._detail(0.5, 2.2)


@dataclass(frozen=True)
class Account:
    """A customer, or one who may become so; it stays with its seat."""

    number: int
    id: str
    seat: Seat
    name: str
    created: dt.datetime


class Company:
    """Everything that deals, leads and advertising are drawn from; the same for the same seed."""

    def __init__(self, scale: float, seed: int) -> None:
        self.seed = seed
        self.size = Size(scale)
        self.staff: Staff = staff(seed, self.size.seats, Truth.skill_spread)
        self.truth = Truth(skill={rep.id: rep.skill for rep in self.staff.reps})
        self.campaigns = Campaigns(seed, self.size.campaigns, self.size.advertising)

    def potential(self, seat: Seat, month: int) -> float:
        """Relative number of new deals that a seat offers in a month: season and growth."""
        growth = 1.0
        for _ in range(month):
            growth *= self.truth.monthly_growth
        return seat.potential * growth * self.truth.season[month % 12]

    def workload(self, seat: Seat, month: int) -> float:
        """Relative number of new deals begun in a seat in a month, by who holds it then."""
        if month < seat.first_month:
            return 0.0
        owner = seat.owner(moment(month_start(month), 12))
        return self.potential(seat, month) * self._ramp(owner, month)

    def _ramp(self, owner: Person, month: int) -> float:
        if owner.level != "rep":
            return 0.5  # a manager who covers a vacant seat
        tenure = month - owner.hired_month
        return self.truth.ramp[tenure] if 0 <= tenure < len(self.truth.ramp) else 1.0

    @cached_property
    def deals_per_workload(self) -> float:
        """Deals for one unit of workload, so that the whole company has as many as its size."""
        workloads = (
            self.workload(seat, month) for seat in self.staff.seats for month in range(MONTHS)
        )
        return self.size.deals / sum(workloads)

    def account(self, number: int) -> Account:
        """An account by its number, below ``size.accounts``."""
        chance = Chance(self.seed, "account", number)
        seat = self.staff.seats[number % self.size.seats]
        place = number // self.size.seats
        created = moment(self._account_day(seat, place), 2)
        created += dt.timedelta(minutes=chance.whole(0, 59))
        name = names.awkward_company_name(seat.region.name, seat.rank) if place == 0 else None
        name = name or names.company_name(chance, seat.region.name)
        return Account(number, ids.salesforce_id(ids.ACCOUNT, number), seat, name, created)

    def account_of(self, seat: Seat, day: dt.date, chance: Chance) -> int:
        """Number of an account of a seat that exists on a day; the first ones buy most."""
        there = self.size.accounts // self.size.seats
        while there > 1 and self._account_day(seat, there - 1) > day:
            there -= 1
        place = int(chance.share() * chance.share() * there)
        return place * self.size.seats + seat.number % self.size.seats

    def _account_day(self, seat: Seat, place: int) -> dt.date:
        """Six in ten accounts are older than the CRM, the others came evenly since."""
        share = (place + 1) * self.size.seats / self.size.accounts
        spread = seat.number % self.size.seats * 11 % 40
        if share <= 0.6:
            return dt.date(2021, 1, 4) + dt.timedelta(days=int(share * 700) + spread)
        return GO_LIVE + dt.timedelta(days=int((share - 0.6) / 0.4 * 1050) + spread)
