"""People, accounts, campaigns, quotas, currencies and stages, as an extract shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from orchestration.sample import ids, names
from orchestration.sample.campaigns import Campaign
from orchestration.sample.chance import Chance
from orchestration.sample.clock import GO_LIVE, REORGANISATION, moment, month_of, month_start
from orchestration.sample.company import Account, Company
from orchestration.sample.expectation import Expectation
from orchestration.sample.forms import Window, day_text, flag_text, stamp_text
from orchestration.sample.money import (
    CORPORATE,
    CURRENCIES,
    DECIMAL_PLACES,
    RATE_STARTS,
    agreed_amount,
    amount_text,
    rate_at,
    rate_text,
)
from orchestration.sample.people import Person, Seat
from orchestration.sample.stages import ALL_STAGES, CATEGORY_NAMES

_SET_UP = moment(dt.date(2023, 1, 2), 2)
_MERGED = moment(dt.date(2026, 6, 12), 4)
_USERS_LOADED = moment(GO_LIVE, 5)
_FOREVER = "9999-12-31"
_LAST_QUOTA_MONTH = 47  # December 2026
_INDUSTRIES = ("Manufacturing", "Retail", "Healthcare", "Technology", "Energy", "Public Sector")


def stages() -> Iterator[list[str]]:
    """OpportunityStage."""
    stamp = stamp_text(_SET_UP)
    for number, stage in enumerate(ALL_STAGES, 1):
        yield [
            ids.salesforce_id(ids.STAGE, number), stage.name, stage.name, "true", str(number),
            flag_text(stage.is_closed), flag_text(stage.is_won), stage.category,
            CATEGORY_NAMES[stage.category], f"{stage.probability}.0", stamp, stamp,
        ]  # fmt: skip


def currencies(window: Window) -> Iterator[list[str]]:
    """CurrencyType, with the rate of the extract's day."""
    stamp = stamp_text(moment(RATE_STARTS[-1], 2))
    for number, currency in enumerate(CURRENCIES, 1):
        yield [
            ids.salesforce_id(ids.CURRENCY, number), currency,
            rate_text(rate_at(currency, window.day)), flag_text(currency == CORPORATE), "true",
            str(DECIMAL_PLACES[currency]), stamp,
        ]  # fmt: skip


def dated_rates() -> Iterator[list[str]]:
    """DatedConversionRate; the end of a rate is exclusive, the last one's lies far away."""
    number = 0
    for currency in CURRENCIES:
        starts = RATE_STARTS if currency != CORPORATE else RATE_STARTS[:1]
        for place, start in enumerate(starts):
            number += 1
            end = day_text(starts[place + 1]) if place + 1 < len(starts) else _FOREVER
            stamp = stamp_text(moment(start, 2))
            record_id = ids.salesforce_id(ids.DATED_RATE, number)
            rate = rate_text(rate_at(currency, start))
            yield [record_id, currency, rate, day_text(start), end, stamp, stamp]


def roles(company: Company) -> Iterator[list[str]]:
    """UserRole: a tree like that of the managers, but of roles."""
    parents = _role_parents(company)
    for role, parent in parents.items():
        yield [_role_id(company, role), role, _role_id(company, parent), stamp_text(_SET_UP)]


def _role_parents(company: Company) -> dict[str, str]:
    parents: dict[str, str] = {}
    for person in company.staff.people:
        parents.setdefault(person.role, person.manager.role if person.manager else "")
    return parents


def _role_id(company: Company, role: str) -> str:
    if not role:
        return ""
    return ids.salesforce_id(ids.USER_ROLE, list(_role_parents(company)).index(role) + 1)


def users(company: Company, window: Window) -> Iterator[list[str]]:
    """User: everybody hired by then; the reorganisation shows in the manager."""
    for person in company.staff.people:
        created = moment(person.hired, 1)
        if created > window.until:
            continue
        left = moment(person.left, 22) if person.left else None
        is_active = left is None or left > window.until
        manager = person.manager_at(window.until)
        stamps = [max(created, _USERS_LOADED)]
        if left and not is_active:
            stamps.append(left)
        if manager is not person.manager:
            stamps.append(REORGANISATION)
        yield [
            person.id, person.name, person.email, person.title, "Sales", person.region,
            flag_text(is_active), manager.id if manager else "", _role_id(company, person.role),
            "Standard", stamp_text(created), stamp_text(max(stamps)),
        ]  # fmt: skip


def accounts(company: Company, window: Window) -> Iterator[list[str]]:
    """Account: new ones, and those whose owner changed; two are merged away."""
    for number in range(company.size.accounts):
        account = company.account(number)
        since, owner = account.seat.since(window.until)
        stamp = max(account.created, since)
        if account.created <= window.until and window.holds(stamp):
            yield _account(company, account, owner, stamp)
    for place in range(2):
        survivor = company.account(place)
        created = moment(dt.date(2026, 3, 9 + place), 3)
        merged = window.until >= _MERGED
        stamp = _MERGED if merged else created
        if window.holds(stamp):
            number = company.size.accounts + place
            copy = Account(number, ids.salesforce_id(ids.ACCOUNT, number), survivor.seat,
                           f"{survivor.name} (2)", created)  # fmt: skip
            row = _account(company, copy, survivor.seat.owner(created), stamp)
            yield [row[0], flag_text(merged), survivor.id if merged else "", *row[3:]]


def _account(company: Company, account: Account, owner: Person, stamp: dt.datetime) -> list[str]:
    chance = Chance(company.seed, "account details", account.number)
    region = account.seat.region
    # One account in eight belongs to the first one of its seat.
    place, seat = divmod(account.number, company.size.seats)
    parent_id = ids.salesforce_id(ids.ACCOUNT, seat) if place % 8 == 5 else ""
    city, country = chance.pick(names.CITIES[region.name])
    employees = int(chance.quantile((5, 20, 50, 120, 400, 1500, 9000)))
    revenue = agreed_amount(employees * chance.between(40_000, 160_000), region.currency, GO_LIVE)
    return [
        account.id, "false", "", account.name,
        "Customer" if account.number % 3 else "Prospect", parent_id, chance.pick(_INDUSTRIES),
        amount_text(revenue), str(employees), city, country, owner.id, region.currency,
        stamp_text(account.created), stamp_text(stamp), stamp_text(stamp),
    ]  # fmt: skip


def campaigns(company: Company, window: Window) -> Iterator[list[str]]:
    """Campaign, with the cost so far."""
    for campaign in company.campaigns.all:
        created = moment(campaign.start - dt.timedelta(days=14), 9)
        if created <= window.until:
            yield _campaign(company, campaign, created, window)


def _campaign(
    company: Company, campaign: Campaign, created: dt.datetime, window: Window
) -> list[str]:
    started, over = campaign.start <= window.day, campaign.end < window.day
    status = "Completed" if over else "In Progress" if started else "Planned"
    spent = ""
    if over and campaign.type not in ("Other", "Advertisement"):
        used = Chance(company.seed, "campaign cost", campaign.number).whole(80, 115)
        spent = amount_text(campaign.budget * used // 100)
    stamps = [created] + [moment(campaign.start, 1)] * started + [moment(campaign.end, 22)] * over
    return [
        campaign.id, "false", campaign.parent_id, campaign.name, campaign.type, status,
        day_text(campaign.start), day_text(campaign.end), amount_text(campaign.budget), spent,
        CORPORATE, company.staff.administrator.id, stamp_text(created), stamp_text(max(stamps)),
    ]  # fmt: skip


def quotas(company: Company, window: Window) -> Iterator[list[str]]:
    """ForecastingQuota: one per rep and month; the reorganisation lowered some of the coming."""
    expectation = Expectation(company)
    for seat in company.staff.seats:
        for _, rep in seat.owners:
            if rep.level == "rep":
                yield from _quotas(expectation, seat, rep, window)


def _quotas(
    expectation: Expectation, seat: Seat, rep: Person, window: Window
) -> Iterator[list[str]]:
    last = month_of(rep.left) - 1 if rep.left else _LAST_QUOTA_MONTH
    for month in range(max(month_of(GO_LIVE), rep.hired_month + 1), last + 1):
        start = month_start(month)
        set_up = moment(max(dt.date(start.year, 1, 5), GO_LIVE, rep.hired), 6)
        if set_up > window.until:
            continue
        dollars = expectation.quota(seat, rep, month)
        stamp = set_up
        if (
            rep.manager is not rep.next_manager
            and start > REORGANISATION.date()
            and window.until > REORGANISATION
        ):
            dollars, stamp = dollars * 0.9, REORGANISATION + dt.timedelta(hours=30)
        currency = seat.region.currency
        yield [
            ids.salesforce_id(ids.QUOTA, rep.number * 64 + month), rep.id,
            amount_text(agreed_amount(dollars, currency, start)), day_text(start),
            ids.salesforce_id(ids.PERIOD, month), "", currency, stamp_text(set_up),
            stamp_text(stamp),
        ]  # fmt: skip
