"""Leads, their campaign memberships, and the first answer to them.

Advertising of a month brings leads in the next one. Some leads become the deals that have
``from_lead``; the others are worked on, or not, and closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.sample import ids, names
from orchestration.sample.activities import Task
from orchestration.sample.campaigns import Campaign
from orchestration.sample.chance import Chance
from orchestration.sample.clock import MONTHS, moment, month_start, working_day
from orchestration.sample.company import Company
from orchestration.sample.deals import END, Deal, Touch
from orchestration.sample.people import Person, Seat

_FIRST_MONTH = 6  # the CRM knows leads from its first day on
_SOURCES = ("Web", "Web", "Web", "Trade Show", "Partner", "Purchased List")
_ODD_FAMILIES = {3: "NA", 11: "Null", 19: "O'Nguyễn-Smith, Jr."}
_RATINGS = ("Hot", "Warm", "Cold", "")


@dataclass(frozen=True)
class Lead:
    """A person who showed interest. The moments are None where it did not come to that."""

    number: int
    id: str
    given: str
    family: str
    name: str
    company: str
    source: str
    rating: str
    owner: Person
    created: dt.datetime
    worked: dt.datetime | None
    closed: dt.datetime | None
    deal: Deal | None = None


@dataclass(frozen=True)
class Membership:
    """A lead or a contact in a campaign."""

    campaign: Campaign
    lead: Lead | None
    contact_id: str
    created: dt.datetime
    responded: dt.datetime | None


def spend_factor(company: Company, month: int) -> float:
    """Advertising of a month against its usual level: growth, season and the planted trial."""
    pulse = 2.0 if month in company.truth.spend_pulse else 1.0
    return pulse * (0.8 + 0.01 * month) * (1.15 if month % 12 in (1, 2, 8, 9) else 0.95)


def lead_of(company: Company, deal: Deal) -> Lead | None:
    """The lead that a deal came of."""
    if not deal.from_lead:
        return None
    chance = Chance(company.seed, "converted", deal.number)
    created = deal.created - dt.timedelta(days=chance.whole(3, 45), minutes=chance.whole(1, 59))
    if deal.touches:  # the list of the first campaign brought the lead
        created = min(created, _sent(deal.touches[0], chance))
    worked = created + dt.timedelta(minutes=chance.whole(6, 2400))
    # Numbers of converted leads come after those of all others.
    number = company.size.leads + deal.number
    owner = deal.seat.owner(created)
    return _lead(
        company, number, deal.seat, deal.source, owner, created, worked, deal.created, deal
    )


def other_leads(company: Company) -> Iterator[Lead]:
    """Leads that no deal came of, in order of their months."""
    weights = [
        1 - company.truth.spend_to_lead_elasticity
        + company.truth.spend_to_lead_elasticity * spend_factor(company, month - 1)
        for month in range(_FIRST_MONTH, MONTHS)
    ]  # fmt: skip
    total, passed, number = sum(weights), 0.0, 0
    for month, weight in enumerate(weights, _FIRST_MONTH):
        passed += weight
        while number < int(company.size.leads * passed / total + 0.5):
            yield _other_lead(company, number, month)
            number += 1


def _other_lead(company: Company, number: int, month: int) -> Lead:
    chance = Chance(company.seed, "lead", number)
    seat = chance.pick(company.staff.seats[: company.size.seats])
    day = month_start(month) + dt.timedelta(days=chance.whole(0, 27))
    created = moment(day, chance.whole(0, 21), chance.whole(0, 59), chance.whole(0, 59))
    worked = closed = None
    if chance.happens(0.7):
        worked = created + dt.timedelta(minutes=chance.whole(4, 4000))
        if chance.happens(0.8):
            closed = worked + dt.timedelta(days=chance.whole(3, 60), minutes=chance.whole(0, 59))
    source = chance.pick(_SOURCES)
    return _lead(company, number, seat, source, seat.owner(created), created, worked, closed, None)


def _lead(
    company: Company, number: int, seat: Seat, source: str, owner: Person, created: dt.datetime,
    worked: dt.datetime | None, closed: dt.datetime | None, deal: Deal | None,
) -> Lead:  # fmt: skip
    chance = Chance(company.seed, "lead person", number)
    region = seat.region.name
    given, family = names.person_name(chance, region)
    family = _ODD_FAMILIES.get(number, family)
    firm = names.company_name(chance, region)
    if deal:
        firm = company.account(deal.account).name
    return Lead(
        number, ids.salesforce_id(ids.LEAD, number), given, family,
        names.full_name(given, family, region), firm, source, chance.pick(_RATINGS), owner,
        created, worked, closed, deal,
    )  # fmt: skip


def answer(company: Company, lead: Lead) -> Task | None:
    """The call or e-mail with which a lead was first answered; not all are noted down."""
    chance = Chance(company.seed, "answer", lead.number)
    if lead.worked is None or lead.worked > END or not chance.happens(0.4):
        return None
    kind = chance.pick(("Call", "Email"))
    seconds = chance.whole(15, 600) if kind == "Call" else None
    return Task(
        lead.owner, None, lead.id, kind, kind, "First response", lead.created, lead.worked.date(),
        lead.worked, seconds,
    )  # fmt: skip


def memberships_of_deal(company: Company, deal: Deal, lead: Lead | None) -> Iterator[Membership]:
    """The campaigns that reached a deal's people before it was created."""
    contact_id = ids.salesforce_id(ids.CONTACT, deal.number)
    chance = Chance(company.seed, "reached", deal.number)
    for touch in deal.touches:
        yield _membership(touch, lead, contact_id, chance)


def mailings(company: Company, lead: Lead) -> Iterator[Membership]:
    """Campaigns that a lead without a deal was in; few respond."""
    chance = Chance(company.seed, "mailing", lead.number)
    for _ in range(chance.count(company.size.mailings)):
        day = lead.created.date() + dt.timedelta(days=chance.whole(0, 90))
        running = company.campaigns.running(lead.owner.region, day)
        touch = Touch(chance.pick(running), day, chance.happens(0.12)) if running else None
        if touch and day < END.date():
            yield _membership(touch, lead, "", chance)


def _sent(touch: Touch, chance: Chance) -> dt.datetime:
    """The morning on which a campaign reaches somebody: before the weekend, if the day is one."""
    return moment(working_day(touch.day), 5, chance.whole(0, 59), chance.whole(0, 59))


def _membership(touch: Touch, lead: Lead | None, contact_id: str, chance: Chance) -> Membership:
    sent = _sent(touch, chance)
    if lead:
        sent = max(sent, lead.created + dt.timedelta(minutes=10))
    answered = max(moment(touch.day, 20, chance.whole(0, 59)), sent + dt.timedelta(minutes=3))
    responded = answered if touch.responded else None
    return Membership(touch.campaign, lead, contact_id, sent, responded)
