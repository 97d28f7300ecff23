"""A small made-up company whose marts are built here as dbt builds them: as of a date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd

from orchestration.company import Company, default_company
from orchestration.forecast.combine import Outlook, outlooks
from orchestration.forecast.inputs import Inputs, read_inputs
from orchestration.forecast.origins import make
from orchestration.forecast.periods import QuarterPlaces

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


def inputs_of(world: World, as_of: dt.date) -> Inputs:
    """What a run of a date reads of a world."""
    return read_inputs(build_marts(world, as_of), as_of, ZoneInfo(ZONE))


def outlooks_of(inputs: Inputs, origin: dt.date) -> dict[tuple[str, str], Outlook]:
    """What is forecast from an origin while no earlier one has taught anything."""
    return outlooks(make(inputs, origin, QuarterPlaces(1), []))


def day_end(day: dt.date) -> dt.datetime:
    """The UTC moment at which a business day ends."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(ZONE))
    return midnight.astimezone(dt.UTC).replace(tzinfo=None)


def build_marts(world: World, as_of: dt.date | None) -> duckdb.DuckDBPyConnection:
    """A warehouse with the marts that the forecast reads, holding what was known on ``as_of``."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("create schema marts; create schema intermediate")
    connection.execute("create table intermediate.int_as_of_date (as_of_date date)")
    connection.execute("insert into intermediate.int_as_of_date values (?)", [as_of])
    _create(
        connection,
        "intermediate.int_exchange_rates",
        "currency_code varchar, rate decimal(24, 10), reporting_rate decimal(24, 10),"
        " valid_from_date date, valid_to_date date",
        [("USD", 1, 1, dt.date(1, 1, 1), None), ("EUR", 0.5, 1, dt.date(1, 1, 1), None)],
    )
    end = day_end(as_of) if as_of else EVER
    _build_opportunities(connection, world, end)
    _build_users(connection, world, end)
    _build_leads(connection, world, as_of or EVER.date())
    _build_submissions(connection, world, end)
    _create(
        connection,
        "marts.fct_quota",
        "owner_key varchar, month_start_date date, quota_type varchar, amount decimal(18, 2),"
        " is_current boolean",
        [(quota.user, quota.month, "bookings", quota.amount, True) for quota in world.quotas],
    )
    connection.execute("create schema staging")
    _create(
        connection,
        "staging.stg_company__market_index_versions",
        "series_name varchar, month_start_date date, index_value double, valid_from timestamp,"
        " valid_to timestamp",
        [
            (figure.series, figure.month, figure.value, figure.valid_from, None)
            for figure in world.market
            if figure.valid_from < end
        ],
    )
    connection.execute("create schema ops")
    connection.execute(
        "create table ops.load_ledger (source varchar, status varchar, extract_date date)"
    )
    connection.execute(
        "insert into ops.load_ledger values ('salesforce', 'loaded', ?)", [FIRST_EXTRACT]
    )
    return connection


def _build_opportunities(
    connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime
) -> None:
    present, history = [], []
    for key, all_versions in world.deals.items():
        versions = [version for version in all_versions if version.valid_from < end]
        ends = [version.valid_from for version in versions[1:]] + [None]
        history += [
            (
                f"{key}:{number}", key, v.owner, v.source, v.amount, v.currency, v.close_date,
                v.valid_from, valid_to, v.is_closed, v.is_won, _stage(v), v.account,
                PROBABILITIES[_stage(v)],
            )
            for number, (v, valid_to) in enumerate(zip(versions, ends, strict=False), 1)
            if not v.is_deleted
        ]  # fmt: skip
        if versions and not versions[-1].is_deleted:
            present.append(_present(key, versions))
    _create(
        connection,
        "marts.fct_opportunity",
        "opportunity_key varchar, owner_key varchar, owner_at_close_key varchar,"
        " amount decimal(18, 2), created_at timestamp, closed_at timestamp, created_date date,"
        " close_date date, is_closed boolean, is_won boolean, account_key varchar,"
        " forecast_category varchar",
        present,
    )
    _create(
        connection,
        "marts.fct_opportunity_history",
        "opportunity_version_key varchar, opportunity_key varchar, owner_key varchar,"
        " history_source varchar, amount_original decimal(18, 2), currency_code varchar,"
        " close_date date, valid_from timestamp, valid_to timestamp, is_closed boolean,"
        " is_won boolean, stage_name varchar, account_key varchar, probability double",
        history,
    )


def _stage(version: Version) -> str:
    if version.is_closed:
        return "Won" if version.is_won else "Lost"
    return version.stage


def _present(key: str, versions: list[Version]) -> tuple[object, ...]:
    now = versions[-1]
    outcome = now
    for version in reversed(versions):
        if (version.is_closed, version.is_won) != (now.is_closed, now.is_won):
            break
        outcome = version
    closed_at, owner_at_close = None, None
    if now.is_closed:
        closed_at, owner_at_close = outcome.valid_from, outcome.owner
        if outcome.source == "assumed":
            closed_at = day_end(now.close_date) - dt.timedelta(microseconds=1)
    created_at = versions[0].valid_from
    worth = {"USD": 1.0, "EUR": 2.0}.get(now.currency)
    amount = None if now.amount is None or worth is None else now.amount * worth
    return (
        key, now.owner, owner_at_close, amount, created_at, closed_at,
        (created_at + dt.timedelta(hours=7)).date(), now.close_date, now.is_closed, now.is_won,
        now.account, now.category,
    )  # fmt: skip


def _build_users(connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime) -> None:
    rows = []
    for key in sorted({user.key for user in world.users}):
        every = [user for user in world.users if user.key == key]
        known = [user for user in every if user.valid_from < end] or every[:1]
        ends = [user.valid_from for user in known[1:]] + [None]
        rows += [
            (
                user.key,
                user.manager,
                user.region,
                user.is_active,
                EVER if not n else user.valid_from,
                valid_to,
            )
            for n, (user, valid_to) in enumerate(zip(known, ends, strict=True))
        ]
    _create(
        connection,
        "marts.dim_user_history",
        "user_key varchar, manager_key varchar, region varchar, is_active boolean,"
        " valid_from timestamp, valid_to timestamp",
        rows,
    )
    _create(
        connection,
        "marts.dim_user",
        "user_key varchar, region varchar",
        [(key, region) for key, _, region, _, _, valid_to in rows if valid_to is None],
    )


def _build_leads(connection: duckdb.DuckDBPyConnection, world: World, as_of: dt.date) -> None:
    def known(day: dt.date | None) -> dt.date | None:
        return day if day and day <= as_of else None

    leads = {key: lead for key, lead in world.leads.items() if lead.became <= as_of}
    _create(
        connection,
        "marts.fct_lead",
        "lead_key varchar, source_system varchar, lead_source varchar, status varchar,"
        " became_lead_date date, converted_date date, opportunity_date date, responded_date date,"
        " response_minutes double, mql_date date, sql_date date, is_lead boolean",
        [
            (
                key, lead.crm, lead.source, lead.status, lead.became, known(lead.converted), None,
                known(lead.responded), 90.0 if known(lead.responded) else None,
                known(lead.qualified), None, True,
            )
            for key, lead in leads.items()
        ],
    )  # fmt: skip
    _create(
        connection,
        "marts.fct_touchpoint",
        "touchpoint_key varchar, lead_key varchar, channel varchar, touched_at timestamp,"
        " touched_date date",
        [
            (f"{key}:{number}", key, channel, dt.datetime.combine(day, dt.time(5)), day)
            for key, lead in leads.items()
            for number, (day, channel) in enumerate(lead.touches)
            if day <= as_of
        ],
    )


def _build_submissions(
    connection: duckdb.DuckDBPyConnection, world: World, end: dt.datetime
) -> None:
    _create(
        connection,
        "marts.fct_forecast_submission",
        "submission_key varchar, user_key varchar, month_start_date date,"
        " forecasting_type_key varchar, forecast_category varchar, is_cumulative boolean,"
        " product_family varchar, submitted_amount decimal(18, 2), adjusted_amount decimal(18, 2),"
        " valid_from timestamp, valid_to timestamp",
        [
            (
                f"{number:05}", each.user, each.month, each.kind, each.category,
                each.is_cumulative, each.family, each.amount, each.adjusted or each.amount,
                each.valid_from,
                each.valid_to if each.valid_to and each.valid_to < end else None,
            )
            for number, each in enumerate(world.submissions)
            if each.valid_from < end
        ],
    )  # fmt: skip


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[object, ...]]
) -> None:
    connection.execute(f"create table {name} ({columns})")
    if rows:
        kinds = re.findall(r"(\w+) ([a-z]+(?:\([^)]*\))?)", columns)
        frame = pd.DataFrame(rows, columns=[column for column, _ in kinds]).astype(object)
        connection.register("made_up", frame.where(frame.notna(), None))
        typed = ", ".join(f"cast({column} as {kind})" for column, kind in kinds)
        connection.execute(f"insert into {name} select {typed} from made_up")
        connection.unregister("made_up")
