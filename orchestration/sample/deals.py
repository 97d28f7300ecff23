"""The life of an opportunity, from creation to its last change before the newest extract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

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


@dataclass
class Deal:
    """An opportunity with everything that ever happened to it, oldest first."""

    number: int
    id: str
    seat: Seat
    account: int
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
    quiet_from: dt.datetime | None
    loss_reason: str
    competitor: str
    deleted: dt.datetime | None = None
    taken_over: bool = field(default=False)

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
    truth, seat = company.truth, slot.seat
    kind_number = truth.kind_round[slot.place % len(truth.kind_round)]
    kind = KINDS[kind_number]
    created = moment(
        slot.created,
        seat.region.opens + chance.whole(0, 7),
        chance.whole(0, 59),
        chance.whole(0, 59),
    )
    first_owner = seat.owner(created)
    touches = _touches(company, seat, slot.created, chance)
    touched = any(touch.responded for touch in touches)
    win_chance = truth.win_chance[kind_number] * first_owner.skill
    win_chance *= truth.drift(seat.region.name, slot.created)
    win_chance *= truth.campaign_win_uplift if touched else 1.0
    won = chance.happens(min(BEST_CHANCE, win_chance))
    stalled = not won and chance.happens(truth.stalled_share)

    dollars = seat.region.typical_amount * truth.amount_factor[kind_number]
    dollars *= chance.quantile(truth.amount_spread)
    dollars *= truth.campaign_amount_uplift if touched else 1.0
    currency = CORPORATE if chance.happens(0.1) else seat.region.currency
    plan = course.Plan(
        opens=seat.region.opens,
        created=created,
        closes=_closing_day(company, chance, slot.created, kind_number, won, stalled),
        won=won,
        stalled=stalled,
        way=way_through(chance, kind, won),
        dollars=dollars,
        currency=currency,
        edits=chance.count(company.size.edits),
    )
    changes = course.run(plan, chance, truth, END)
    imported = created.date() < GO_LIVE
    if imported:
        changes = course.take_over(changes, slot.number)
        if changes[0].stage.is_closed:
            return None
    begins = changes[0].at
    deleted = _deleted(company, chance, begins)
    changes = [change for change in changes if change.at <= (deleted or END)]
    account = company.account_of(seat, slot.created, chance)
    source = _SOURCES[chance.weighted(_SOURCE_SHARES)]
    closed = next((change.at for change in changes if change.stage.is_closed), deleted or END)
    creator = company.staff.administrator if imported else first_owner
    return Deal(
        number=slot.number,
        id=ids.salesforce_id(ids.OPPORTUNITY, slot.number),
        seat=seat,
        account=account,
        name=f"{company.account(account).name} - {chance.pick(_SUBJECTS)} {slot.created.year}",
        kind=kind,
        source=source,
        currency=currency,
        created=begins,
        creator=creator,
        first_owner=seat.owner(begins),
        changes=changes,
        owners=owner_changes(company, seat, begins, closed, chance),
        touches=touches,
        from_lead=not imported and kind == KINDS[0] and chance.happens(0.55),
        quiet_from=course.quiet_from(plan) if stalled else None,
        loss_reason=chance.pick(_LOSS_REASONS),
        competitor=chance.pick(_COMPETITORS),
        deleted=deleted,
        taken_over=imported,
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


def _deleted(company: Company, chance: Chance, begins: dt.datetime) -> dt.datetime | None:
    if not chance.happens(company.truth.deleted_share):
        return None
    deleted = begins + dt.timedelta(days=chance.whole(1, 40), minutes=chance.whole(1, 50))
    return deleted if deleted <= END else None
