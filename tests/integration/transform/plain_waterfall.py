"""The waterfall of every period and opportunity, one after the other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from plain_facts import DAY, Facts, Period, Row

PARTS = (
    *("start", "created", "pulled_in", "reopened", "moved_in", "increased", "decreased"),
    *("won", "lost", "pushed_out", "removed", "end"),
)


@dataclass(frozen=True)
class Movement:
    period: Period
    opportunity: str
    owner: str | None
    opening_owner: str | None
    entry: str | None
    exit: str | None
    amounts: dict[str, Decimal] = field(default_factory=dict)  # by part, and `bookings`

    @property
    def is_unchanged(self) -> bool:
        stayed = self.entry == "start" and self.exit == "end"
        return stayed and self.amounts["start"] == self.amounts["end"]


def movements(facts: Facts, periods: Iterable[Period]) -> Iterator[Movement]:
    for period in periods:
        for opportunity in facts.histories:
            moved = _movement(facts, period, opportunity)
            if moved.entry or "bookings" in moved.amounts:
                yield moved


def _movement(facts: Facts, period: Period, opportunity: str) -> Movement:
    opening_at, closing_at = facts.start(period.first), facts.start(period.last + DAY)
    opening = facts.before(opportunity, opening_at)
    closing = facts.before(opportunity, closing_at)
    was, became = _place(period, opening), _place(period, closing)
    before = facts.amount(opening, period.first - DAY) if opening else Decimal(0)
    after = Decimal(0)
    is_dated_within = closing is not None and closing["close_date"] is not None
    if closing is not None:
        day = closing["close_date"] if closing["is_closed"] else period.last
        after = facts.amount(closing, day)
        is_dated_within = is_dated_within and period.first <= closing["close_date"] <= period.end
    has_closed = (
        became in ("won", "lost")
        and is_dated_within
        and _outcome_began(facts, opportunity, closing_at) >= opening_at
    )
    entry = _entry(was, became, has_closed=has_closed)
    exit_ = _exit(became) if entry else None
    amounts = {}
    if entry and exit_:
        amounts = {entry: before if entry == "start" else after}
        if entry == "start" and exit_ == "end" and before != after:
            amounts["increased" if after > before else "decreased"] = abs(after - before)
        amounts[exit_] = after if exit_ == "end" else amounts[entry]
    if became == "won" and is_dated_within and closing["close_date"] <= period.last:  # type: ignore[index]
        amounts["bookings"] = after
    return Movement(
        period,
        opportunity,
        closing["owner_key"] if closing else None,
        opening["owner_key"] if opening else None,
        entry,
        exit_,
        amounts,
    )


def _place(period: Period, version: Row | None) -> str:
    if version is None:
        return "absent"
    if version["is_deleted"]:
        return "deleted"
    if version["is_closed"]:
        return "won" if version["is_won"] else "lost"
    if version["forecast_category"] == "Omitted":
        return "omitted"
    if version["close_date"] < period.first:
        return "before"
    return "after" if version["close_date"] > period.end else "in"


def _entry(was: str, became: str, *, has_closed: bool) -> str | None:
    if was == "in":
        return "start"
    if became != "in" and not has_closed:
        return None
    entries = {"absent": "created", "after": "pulled_in", "won": "reopened", "lost": "reopened"}
    return entries.get(was, "moved_in")


def _exit(became: str) -> str:
    exits = {"in": "end", "won": "won", "lost": "lost", "after": "pushed_out"}
    return exits.get(became, "removed")


def _outcome_began(facts: Facts, opportunity: str, moment: dt.datetime) -> dt.datetime:
    began, outcome = facts.histories[opportunity][0]["valid_from"], None
    for version in facts.histories[opportunity]:
        if version["valid_from"] < moment and (version["is_closed"], version["is_won"]) != outcome:
            began, outcome = version["valid_from"], (version["is_closed"], version["is_won"])
    return began


def by_owner(moved: list[Movement]) -> dict[tuple, dict[str, tuple[Decimal, int]]]:
    """Sum and count of each part, by period and owner at its end."""
    totals: dict[tuple, dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for movement in moved:
        parts = totals[(movement.period.kind, movement.period.first, movement.owner)]
        for part, amount in movement.amounts.items():
            total, count = parts.get(part, (Decimal(0), 0))
            parts[part] = (total + amount, count + 1)
    return totals
