"""The life of an opportunity, from creation to its last change before the newest extract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from orchestration.sample import course, ids
from orchestration.sample.campaigns import Campaign
from orchestration.sample.chance import Chance
from orchestration.sample.clock import EXTRACT_DATES, GO_LIVE, extract_moment, moment
from orchestration.sample.company import Company
from orchestration.sample.course import Change
from orchestration.sample.money import CORPORATE
from orchestration.sample.owners import OwnerChange, owner_changes
from orchestration.sample.people import Person, Seat
from orchestration.sample.stages import way_through
from orchestration.sample.truth import BEST_CHANCE, KINDS

END = extract_moment(EXTRACT_DATES[-1])
# Between the extracts, doubled deals of these days were deleted.
_CLEAN_UP = moment(dt.date(2026, 6, 16), 2)
_CLEANED_UP = (dt.date(2026, 4, 1), dt.date(2026, 5, 20))
_LOSS_REASONS = ("Price", "Competitor", "No decision", "Timing", "Missing feature")
_COMPETITORS = ("", "", "", "Nordwind AG", "Saigon Soft", "Big Blue, Inc.")
_SOURCES = ("Web", "Referral", "Trade Show", "Outbound", "Partner")
_SOURCE_SHARES = (0.38, 0.16, 0.14, 0.2, 0.12)
_SUBJECTS = ("Phase 1", "Phase 2", "pilot", "nâng cấp", "rollout", '"all-in" package', "licences")


@dataclass(frozen=True)
class Slot:
    """A deal that is about to begin: its number, that among those of its seat, and its day."""

    number: int
    seat: Seat
    place: int
    created: dt.date


@dataclass(frozen=True)
class Touch:
    """A campaign that reached the people of a deal before it was created."""

    campaign: Campaign
    day: dt.date
    responded: bool


@dataclass(frozen=True)
class Deal:
    """An opportunity with everything that ever happened to it, oldest first."""

    number: int
    id: str
    seat: Seat
    account: int  # number of the account
    name: str
    kind: str
    source: str
    currency: str
    created: dt.datetime
    creator: Person
    first_owner: Person
    changes: list[Change]
    owners: list[OwnerChange]
    touches: list[Touch]
    from_lead: bool
    quiet_from: dt.datetime | None  # since when a stalled deal is left alone
    loss_reason: str
    competitor: str
    deleted: dt.datetime | None

    def owner(self, when: dt.datetime) -> Person:
        """Who owns the deal at a moment."""
        found = self.first_owner
        for change in self.owners:
            if change.at <= when:
                found = change.new
        return found


def live(company: Company, slot: Slot) -> Deal | None:
    """The deal of a slot; None when it closed before the CRM went live."""
    chance = Chance(company.seed, "deal", slot.number)
    seat = slot.seat
    hour = seat.region.opens + chance.whole(0, 7)
    created = moment(slot.created, hour, chance.whole(0, 59), chance.whole(0, 59))
    touches = _touches(company, seat, slot.created, chance)
    plan = _plan(company, slot, created, any(touch.responded for touch in touches), chance)
    changes = course.run(plan, chance, company.truth, END)
    imported = slot.created < GO_LIVE
    if imported:
        changes = course.take_over(changes, slot.number)
        if changes[0].stage.is_closed:
            return None
    begins = changes[0].at
    deleted = _deleted(company, slot, begins, chance)
    changes = [change for change in changes if change.at <= (deleted or END)]
    closed = next((change.at for change in changes if change.stage.is_closed), deleted or END)
    account = company.account_of(seat, slot.created, chance)
    kind = company.truth.kind_of(slot.place)
    return Deal(
        number=slot.number,
        id=ids.salesforce_id(ids.OPPORTUNITY, slot.number),
        seat=seat,
        account=account,
        name=f"{company.account(account).name} - {chance.pick(_SUBJECTS)} {slot.created.year}",
        kind=KINDS[kind],
        source=_SOURCES[chance.weighted(_SOURCE_SHARES)],
        currency=plan.currency,
        created=begins,
        creator=company.staff.administrator if imported else seat.owner(begins),
        first_owner=seat.owner(begins),
        changes=changes,
        owners=owner_changes(company, seat, begins, closed, chance),
        touches=touches,
        from_lead=not imported and kind == 0 and chance.happens(0.55),
        quiet_from=course.quiet_from(plan) if plan.stalled else None,
        loss_reason=chance.pick(_LOSS_REASONS),
        competitor=chance.pick(_COMPETITORS),
        deleted=deleted,
    )


def _plan(
    company: Company, slot: Slot, created: dt.datetime, touched: bool, chance: Chance
) -> course.Plan:
    """Draw what the truth says of a deal: whether it is won, for how much, and when."""
    truth, region = company.truth, slot.seat.region
    kind = truth.kind_of(slot.place)
    win_chance = truth.win_chance[kind] * slot.seat.owner(created).skill
    win_chance *= truth.drift(region.name, slot.created)
    win_chance *= truth.campaign_win_uplift if touched else 1.0
    won = chance.happens(min(BEST_CHANCE, win_chance))
    stalled = not won and chance.happens(truth.stalled_share)
    dollars = region.typical_amount * truth.amount_factor[kind]
    dollars *= chance.quantile(truth.amount_spread)
    dollars *= truth.campaign_amount_uplift if touched else 1.0
    return course.Plan(
        opens=region.opens,
        created=created,
        closes=_closing_day(company, chance, slot.created, kind, won, stalled),
        won=won,
        stalled=stalled,
        way=way_through(chance, KINDS[kind], won),
        dollars=dollars,
        currency=CORPORATE if chance.happens(0.1) else region.currency,
        edits=chance.count(company.size.edits),
    )


def _touches(company: Company, seat: Seat, created: dt.date, chance: Chance) -> list[Touch]:
    """Up to three campaigns in the eleven weeks before; often none."""
    if not chance.happens(company.truth.campaign_touch_share):
        return []
    ages = [chance.whole(2, 75) for _ in range(chance.whole(1, 3))]
    days = sorted(created - dt.timedelta(days=age) for age in ages)
    found: list[Touch] = []
    for day in days:
        running = company.campaigns.running(seat.region.name, day)
        campaign = chance.pick(running) if running else None
        if campaign and campaign not in [touch.campaign for touch in found]:
            found.append(Touch(campaign, day, chance.happens(0.8)))
    return found


def _closing_day(
    company: Company, chance: Chance, created: dt.date, kind: int, won: bool, stalled: bool
) -> dt.date:
    days = chance.quantile(company.truth.cycle_days[kind])
    if stalled:
        return created + dt.timedelta(days=220 + int(days))
    if not won:
        days *= chance.between(0.5, 1.15)
    day = created + dt.timedelta(days=max(3, int(days)))
    pull = company.truth.quarter_end_pull[(day.month - 1) % 3]
    if won and chance.happens(pull):
        return course.last_days_of_quarter(day, chance)
    return day


def _deleted(
    company: Company, slot: Slot, begins: dt.datetime, chance: Chance
) -> dt.datetime | None:
    """When a deal is deleted: a few soon after their creation, some of spring 2026 together."""
    if slot.number % 25 == 3 and _CLEANED_UP[0] <= slot.created <= _CLEANED_UP[1]:
        return _CLEAN_UP + dt.timedelta(minutes=chance.whole(0, 9))
    if not chance.happens(company.truth.deleted_share):
        return None
    deleted = begins + dt.timedelta(days=chance.whole(1, 40), minutes=chance.whole(1, 50))
    return deleted if deleted <= END else None
