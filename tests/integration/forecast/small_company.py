"""A small made-up company: its people, deals, leads, quotas, submissions and market."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from orchestration.company import Company, default_company

ZONE = "Asia/Ho_Chi_Minh"


def utc(year: int, month: int, day: int, hour: int = 0) -> dt.datetime:
    """A moment as the marts hold it: UTC, without saying so."""
    return dt.datetime(year, month, day, hour)  # noqa: DTZ001


EVER = utc(1900, 1, 1)
FIRST_EXTRACT = dt.date(2020, 1, 1)
PROBABILITIES = {"Prospecting": 0.1, "Proposal": 0.5, "Won": 1.0, "Lost": 0.0}


def company(**choices: object) -> Company:
    values = default_company().model_dump() | {"business_timezone": ZONE} | choices
    return Company.model_validate(values)


@dataclass(frozen=True)
class Version:
    """How a deal stood from a UTC moment on."""

    valid_from: dt.datetime
    owner: str | None
    close_date: dt.date
    amount: float | None
    is_closed: bool = False
    is_won: bool = False
    source: str = "tracked"
    currency: str = "USD"
    is_deleted: bool = False
    stage: str = "Prospecting"
    category: str = "Pipeline"
    account: str = "account"


@dataclass(frozen=True)
class User:
    """How a user's record stood from a UTC moment on."""

    key: str
    manager: str | None = None
    is_active: bool = True
    valid_from: dt.datetime = EVER
    region: str | None = None


@dataclass(frozen=True)
class Lead:
    """A lead, what it came to, and the touches it had, each with its channel."""

    became: dt.date
    converted: dt.date | None = None
    source: str | None = "Web"
    responded: dt.date | None = None
    touches: tuple[tuple[dt.date, str], ...] = ()
    qualified: dt.date | None = None
    status: str = "Open"
    crm: str = "salesforce"


@dataclass(frozen=True)
class Submission:
    """What a user submitted for a month, from a UTC moment on."""

    user: str
    month: dt.date
    amount: float
    valid_from: dt.datetime
    valid_to: dt.datetime | None = None
    adjusted: float | None = None
    category: str = "Commit"
    is_cumulative: bool = True
    family: str | None = None
    kind: str = "revenue"


@dataclass(frozen=True)
class Quota:
    """What a user is to sell in a month."""

    user: str
    month: dt.date
    amount: float


@dataclass(frozen=True)
class Figure:
    """What a series about the market says of a month, as known from a UTC moment on."""

    month: dt.date
    value: float
    series: str = "Software spending"
    valid_from: dt.datetime = EVER


@dataclass(frozen=True)
class World:
    """Everything that ever happens, known or not yet."""

    deals: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    users: tuple[User, ...] = ()
    leads: dict[str, Lead] = field(default_factory=dict)
    submissions: tuple[Submission, ...] = ()
    quotas: tuple[Quota, ...] = ()
    market: tuple[Figure, ...] = ()

    def with_market(self, *figures: Figure) -> World:
        return replace(self, market=self.market + figures)

    def with_quotas(self, *quotas: Quota) -> World:
        return replace(self, quotas=self.quotas + quotas)

    def with_submissions(self, *submissions: Submission) -> World:
        return replace(self, submissions=self.submissions + submissions)

    def with_deals(self, deals: dict[str, tuple[Version, ...]]) -> World:
        return replace(self, deals=self.deals | deals)

    def with_leads(self, leads: dict[str, Lead]) -> World:
        return replace(self, leads=self.leads | leads)

    def without_losses(self) -> World:
        """The deals that were won alone: nothing can be learned from how deals close."""
        won = {key: deal for key, deal in self.deals.items() if deal[-1].is_won}
        return replace(self, deals=won)

    def with_users(self, *users: User) -> World:
        return replace(self, users=self.users + users)


def won_deal(
    owner: str | None,
    close_date: dt.date,
    amount: float | None,
    *,
    created: dt.date | None = None,
    booked: dt.datetime | None = None,
    source: str = "tracked",
) -> tuple[Version, ...]:
    """Created 40 days before its close unless said, and won at noon (UTC+7) of its close date."""
    created = created or close_date - dt.timedelta(days=40)
    booked = booked or dt.datetime.combine(close_date, dt.time(5))
    opened = Version(
        dt.datetime.combine(created, dt.time(1)), owner, close_date, amount, source=source
    )
    return (opened, replace(opened, valid_from=booked, is_closed=True, is_won=True))


def lost_deal(
    owner: str, created: dt.date, lost: dt.date | None, amount: float, planned: dt.date
) -> tuple[Version, ...]:
    """A deal that was to close on a planned day, and was lost, or is open as long as anybody sees.

    A month before its planned day it gets to its second stage, if it is still there.
    """
    opened = Version(dt.datetime.combine(created, dt.time(1)), owner, planned, amount)
    versions = [opened]
    proposed = planned - dt.timedelta(days=30)
    if created < proposed < (lost or planned):
        at = dt.datetime.combine(proposed, dt.time(1))
        versions.append(replace(opened, valid_from=at, stage="Proposal"))
    if lost:
        at = dt.datetime.combine(lost, dt.time(5))
        versions.append(replace(versions[-1], valid_from=at, is_closed=True, close_date=lost))
    return tuple(versions)


def deals_without_a_win(won: dict[str, tuple[Version, ...]], seed: int = 2) -> World:
    """For every two deals won one that was lost, and for every ten one that stays open."""
    random = np.random.default_rng(seed)
    deals: dict[str, tuple[Version, ...]] = {}
    for key, versions in won.items():
        created, planned = versions[0].valid_from.date(), versions[0].close_date
        fate, patience = random.random(), int(random.integers(5, 120))
        amount = float(np.round(random.gamma(4) * 500, 2))
        owner = str(versions[0].owner)
        if fate < 0.5:
            lost = created + dt.timedelta(days=patience)
            deals[f"lost {key}"] = lost_deal(owner, created, lost, amount, planned)
        elif fate < 0.6:
            deals[f"open {key}"] = lost_deal(owner, created, None, amount, planned)
    return World(deals)


LEAD_SHARES = {"Referral": 0.5, "Web": 0.2, "List": 0.02}
"""Share of leads that convert, by where they came from."""


def leads_until(last: dt.date, count: int = 900, seed: int = 3) -> dict[str, Lead]:
    """Leads of the two years before a day; those that convert do so within 5 to 80 days."""
    random = np.random.default_rng(seed)
    leads: dict[str, Lead] = {}
    for number in range(count):
        became = last - dt.timedelta(days=int(random.integers(0, 730)))
        source = list(LEAD_SHARES)[int(random.integers(0, 3))]
        converts = random.random() < LEAD_SHARES[source]
        days, answer = int(random.integers(5, 81)), int(random.integers(0, 5))
        touched = became + dt.timedelta(days=int(random.integers(0, 30)))
        leads[f"lead {number:04d}"] = Lead(
            became,
            converted=became + dt.timedelta(days=days) if converts else None,
            source=source,
            responded=became + dt.timedelta(days=answer) if answer else None,
            touches=((became, "Web"), (touched, "Email"))[: int(random.integers(0, 3))],
        )
    return leads


def seasonal_world(
    months: int = 36, reps: int = 8, seed: int = 1, last: dt.date = dt.date(2026, 6, 30)
) -> World:
    """Two teams under one head, a season with its peak in December, a few deals per rep and month.

    ``last`` is the day after which nothing happens; some deals are registered days late.
    """
    random = np.random.default_rng(seed)
    names = [f"rep {number}" for number in range(reps)]
    users = [User("head"), User("lead a", "head", region="East"), User("lead b", "head")]
    users += [
        User(name, "lead a" if n % 2 else "lead b", region="East" if n < reps / 2 else None)
        for n, name in enumerate(names)
    ]
    first = pd.Period(last, "M") - months + 1
    deals: dict[str, tuple[Version, ...]] = {}
    for month in pd.period_range(first, periods=months, freq="M"):
        season = 1 + 0.5 * np.cos(2 * np.pi * (month.month - 12) / 12)
        for number, name in enumerate([*names, "lead a"]):
            for _ in range(int(random.poisson(1.5))):
                day = min(int(random.triangular(1, 28, 31)), month.days_in_month)
                close = dt.date(month.year, month.month, day)
                amount = float(np.round(1000 * (1 + number / 4) * season * random.gamma(4) / 4, 2))
                late = int(random.choice([0, 0, 0, 1, 4]))
                booked = dt.datetime.combine(close + dt.timedelta(days=late), dt.time(5))
                created = close - dt.timedelta(days=int(random.integers(1, 90)))
                if close <= last:
                    deals[f"deal {len(deals):05d}"] = won_deal(
                        name, close, amount, created=created, booked=booked
                    )
    return World(deals | deals_without_a_win(deals).deals, tuple(users), leads_until(last))
