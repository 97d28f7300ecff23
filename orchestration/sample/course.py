"""The course of one deal: the changes of stage, amount, close date and forecast category."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from orchestration.sample.chance import Chance
from orchestration.sample.clock import GO_LIVE, moment, month_end, quarter_end, working_day
from orchestration.sample.money import DECIMAL_PLACES, agreed_amount, percent_of
from orchestration.sample.stages import LOST, NEGOTIATION, PROPOSAL, STAGES, WON, Stage
from orchestration.sample.truth import Truth

_MINUTE = dt.timedelta(minutes=1)
# Share of lost deals whose close date stays as it was expected.
_KEEPS_CLOSE_DATE = 0.15


@dataclass(frozen=True)
class Plan:
    """What is settled about a deal before it begins."""

    opens: int  # hour of the region's working day, UTC
    created: dt.datetime
    closes: dt.date
    won: bool
    stalled: bool
    way: list[int]  # positions of the open stages
    dollars: float
    currency: str
    edits: int


@dataclass(frozen=True)
class Change:
    """The state of a deal from a moment on; amount in hundredths, probability in percent.

    An untracked change is one that the CRM's history missed: only the record shows it.
    """

    at: dt.datetime
    stage: Stage
    amount: int | None
    probability: int
    category: str
    close_date: dt.date
    tracked: bool = True


@dataclass(frozen=True)
class _Edit:
    """What someone changes at a moment; None leaves a field as it is."""

    at: dt.datetime
    stage: Stage | None = None
    amount: int | None = None
    close_date: dt.date | None = None
    forecast: tuple[int, str] | None = None


def run(plan: Plan, chance: Chance, truth: Truth, until: dt.datetime) -> list[Change]:
    """All states of a deal up to a moment, oldest first; the first is that at its creation."""
    first = STAGES[plan.way[0]]
    amount = agreed_amount(
        plan.dollars * chance.between(0.8, 1.15), plan.currency, plan.created.date()
    )
    has_amount = not chance.happens(truth.no_amount_share)
    expected = _first_guess(plan, chance)
    start = Change(
        plan.created,
        first,
        amount if has_amount else None,
        first.probability,
        first.category,
        expected,
    )
    edits = list(_stage_edits(plan, chance, amount))
    edits += _pushes(plan, chance, expected)
    edits += _small_edits(plan, chance, amount)
    if chance.happens(truth.override_share):
        edits += _override(plan, chance)
    edits += _close(plan, plan.closes, plan.won, chance)
    if chance.happens(truth.reopened_share) and not plan.stalled:
        edits += _reopen(plan, chance)
    changes = _fold(start, edits, until)
    if chance.happens(truth.untracked_share) and not changes[-1].stage.is_closed:
        changes += _untracked(changes[-1], chance, until)
    return changes


def take_over(changes: list[Change], number: int) -> list[Change]:
    """The states a CRM knows that imported a deal when it went live: one, and what came later."""
    imported = moment(GO_LIVE, 6) + dt.timedelta(seconds=number % 3600)
    before = [change for change in changes if change.at <= imported]
    return [replace(before[-1], at=imported), *changes[len(before) :]]


def quiet_from(plan: Plan) -> dt.datetime:
    """From when on nobody works on a stalled deal."""
    return plan.created + (moment(plan.closes, plan.opens) - plan.created) / 4


def last_days_of_quarter(day: dt.date, chance: Chance) -> dt.date:
    """One of the last days of the quarter that holds a day, never before the day."""
    return max(day, quarter_end(day) - dt.timedelta(days=chance.whole(0, 7)))


def _at(plan: Plan, day: dt.date, chance: Chance) -> dt.datetime:
    """A working hour of a day, not before the deal was created."""
    hour, minute = plan.opens + chance.whole(0, 7), chance.whole(0, 59)
    at = moment(working_day(day), hour, minute, chance.whole(0, 59))
    return max(at, plan.created + _MINUTE)


def _first_guess(plan: Plan, chance: Chance) -> dt.date:
    """The close date a rep enters first: mostly too early, and often the end of a month."""
    created = plan.created.date()
    days = (plan.closes - created).days
    guess = created + dt.timedelta(days=max(10, int(days * chance.between(0.5, 1.15))))
    if plan.stalled:
        guess = created + dt.timedelta(days=chance.whole(30, 90))
    return month_end(guess) if chance.happens(0.5) else guess


def _stage_edits(plan: Plan, chance: Chance, amount: int) -> Iterator[_Edit]:
    """One edit per stage entered; a quote changes the amount, a negotiation lowers it."""
    days = (plan.closes - plan.created.date()).days
    if plan.stalled:
        days //= 4
    stays = [chance.between(0.4, 1.4) for _ in plan.way]
    spent, total = 0.0, sum(stays)
    for position, stay in zip(plan.way[1:], stays, strict=False):
        spent += stay
        day = plan.created.date() + dt.timedelta(days=int(days * spent / total))
        quoted = None
        if position == PROPOSAL and chance.happens(0.6):
            amount = quoted = _round(amount, int(chance.between(80, 130)))
        if position == NEGOTIATION and chance.happens(0.35):
            amount = quoted = _discount(amount, chance.whole(82, 99), plan.currency)
        yield _Edit(_at(plan, day, chance), stage=STAGES[position], amount=quoted)


def _discount(amount: int, percent: int, currency: str) -> int:
    """A lower amount, to the smallest coin there is."""
    if DECIMAL_PLACES[currency] == 0:
        return _round(amount, percent)
    return percent_of(amount, percent)


def _round(amount: int, percent: int) -> int:
    """So many percent of an amount, in whole units of the currency."""
    return (amount * percent // 10_000) * 100


def _pushes(plan: Plan, chance: Chance, expected: dt.date) -> Iterator[_Edit]:
    """When the close date has come and the deal is still open, it is pushed; not always at once."""
    gives_up_after = chance.whole(1, 3) if plan.stalled else 20
    while expected < plan.closes and gives_up_after:
        gives_up_after -= 1
        noticed = expected + dt.timedelta(days=chance.whole(-5, 8))
        if noticed >= plan.closes:
            return
        expected = max(expected, noticed) + dt.timedelta(days=chance.whole(12, 50))
        if chance.happens(0.5):
            expected = month_end(expected)
        yield _Edit(_at(plan, noticed, chance), close_date=expected)


def _small_edits(plan: Plan, chance: Chance, amount: int) -> Iterator[_Edit]:
    """Corrections of the amount by a few percent, before the quote."""
    days = (plan.closes - plan.created.date()).days
    for _ in range(plan.edits):
        day = plan.created.date() + dt.timedelta(days=int(days * chance.between(0.0, 0.45)))
        yield _Edit(_at(plan, day, chance), amount=_round(amount, chance.whole(92, 108)))


def _override(plan: Plan, chance: Chance) -> Iterator[_Edit]:
    """A rep who knows better sets probability and category by hand, until the next stage."""
    days = (plan.closes - plan.created.date()).days
    day = plan.created.date() + dt.timedelta(days=int(days * chance.between(0.3, 0.9)))
    forecast = chance.pick(((70, "MostLikely"), (5, "Omitted"), (90, "Forecast"), (45, "BestCase")))
    yield _Edit(_at(plan, day, chance), forecast=forecast)


def _close(plan: Plan, day: dt.date, won: bool, chance: Chance) -> Iterator[_Edit]:
    """The last working hour of a day; a few wins are entered some days after the signature."""
    day = max(working_day(day), plan.created.date())
    at = moment(day, plan.opens + 8, chance.whole(0, 59), chance.whole(0, 59))
    signed = day - dt.timedelta(days=chance.whole(1, 3)) if chance.happens(0.02) else day
    kept = not won and chance.happens(_KEEPS_CLOSE_DATE)
    yield _Edit(
        at,
        stage=WON if won else LOST,
        close_date=None if kept else max(signed, plan.created.date()),
    )


def _reopen(plan: Plan, chance: Chance) -> Iterator[_Edit]:
    """The customer comes back, and half of the time buys."""
    day = plan.closes + dt.timedelta(days=chance.whole(8, 45))
    closes = day + dt.timedelta(days=chance.whole(15, 50))
    yield _Edit(_at(plan, day, chance), stage=STAGES[NEGOTIATION], close_date=closes)
    yield from _close(plan, closes, chance.happens(0.5), chance)


def _fold(start: Change, edits: list[_Edit], until: dt.datetime) -> list[Change]:
    """States after each edit that changes anything, at strictly later moments."""
    changes = [start]
    for edit in sorted(edits, key=lambda edit: edit.at):
        before = changes[-1]
        after = _apply(before, edit)
        if replace(after, at=before.at) == before:
            continue
        if after.at > until:
            break
        changes.append(after)
    return changes


def _apply(before: Change, edit: _Edit) -> Change:
    stage = edit.stage or before.stage
    probability, category = before.probability, before.category
    if stage is not before.stage:
        probability, category = stage.probability, stage.category
    elif edit.forecast and not stage.is_closed:
        probability, category = edit.forecast
    amount = before.amount if edit.amount is None else edit.amount
    close_date = edit.close_date or before.close_date
    at = max(edit.at, before.at + _MINUTE)
    return Change(at, stage, amount, probability, category, close_date)


def _untracked(last: Change, chance: Chance, until: dt.datetime) -> Iterator[Change]:
    """A correction by an import that wrote no history: the record contradicts its history."""
    at = last.at + dt.timedelta(days=chance.whole(1, 20), seconds=chance.whole(1, 3000))
    if at <= until and last.amount:
        yield replace(last, at=at, amount=_round(last.amount, 110), tracked=False)
