"""The figures of every rep and node in every period, one after the other."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plain_facts import DAY, Facts, Period, Row, add_months
from plain_waterfall import Movement

KINDS = ("call", "email", "meeting")
Figures = dict[str, Any]


@dataclass
class Credit:
    """What goes to one user in one period."""

    bookings: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    won_count: int = 0
    lost_count: int = 0
    cycles: list[int] = field(default_factory=list)
    quota: Decimal | None = None
    generated_count: int = 0
    generated: Decimal = Decimal(0)
    opening_count: int = 0
    opening: Decimal = Decimal(0)
    start_count: int = 0
    slipped_count: int = 0
    open_count: int = 0
    open: Decimal = Decimal(0)
    activities: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    makes_a_node: bool = False  # a deal or a quota went here


class Credits:
    """What goes to whom: to a rep alone, and to every node above."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.own: dict[str, Credit] = defaultdict(Credit)
        self.team: dict[str, Credit] = defaultdict(Credit)

    def at(self, user: str, moment: dt.datetime) -> list[Credit]:
        """By the tree at a moment, a change at that very moment included."""
        return self._of(user, self.facts.path(user, moment, including=True))

    def as_ends(self, user: str, day: dt.date) -> list[Credit]:
        """By the tree as a day ends."""
        moment = self.facts.start(day + DAY)
        return self._of(user, self.facts.path(user, moment, including=False))

    def _of(self, user: str, nodes: list[str]) -> list[Credit]:
        return [self.own[user], *(self.team[node] for node in nodes)]


class Performance:
    def __init__(self, facts: Facts, moved: list[Movement]) -> None:
        self.facts, self.moved = facts, moved
        self.done = list(self._activities())
        self.owners = {v["owner_key"] for versions in facts.histories.values() for v in versions}
        self.owners |= {_key(owner) for owner in facts.activity_owners}
        self.owners |= {_key(quota["quota_owner_id"]) for quota in facts.quotas}

    def _activities(self) -> Iterator[tuple[str, Any, str, bool]]:
        """Owner, day, kind and whether it is a task, of everything done by the as-of date."""
        for task in self.facts.tasks:
            if not task["is_closed"] or task["is_deleted"]:
                continue
            at = task["completed_date_time"]
            day = self.facts.date(at) if at else task["activity_date"]
            names = [(task[column] or "").lower() for column in ("task_subtype", "type")]
            kind = names[0] if names[0] in ("call", "email") else names[1]
            if day <= self.facts.as_of:
                yield _key(task["owner_id"]), day, kind, True
        for event in self.facts.events:
            day = self.facts.date(event["end_date_time"])
            if not event["is_deleted"] and not event["is_child"] and day <= self.facts.as_of:
                yield _key(event["owner_id"]), day, "meeting", False

    def of(self, period: Period) -> tuple[dict[str, Credit], dict[str, Credit]]:
        """What goes to each rep alone, and to each node."""
        to = Credits(self.facts)
        closed = [deal for deal in self.facts.deals if deal["is_closed"]]
        for deal in (d for d in closed if period.has(d["close_date"])):
            for credit in to.at(deal["owner_at_close_key"], deal["closed_at"]):
                _close(credit, deal)
        for deal in (d for d in self.facts.deals if period.has(d["created_date"])):
            self._generate(to, deal)
        for quota in self.facts.quotas:
            if period.first <= quota["start_date"] <= period.end:  # months to come included
                self._assign(to, quota)
        for movement in (m for m in self.moved if m.period == period and m.entry):
            self._move(to, movement)
        for user, day, kind, is_task in self.done:
            for credit in to.as_ends(user, day) if period.has(day) else ():
                credit.activities[kind] += 1
                credit.activities["task"] += is_task
        return to.own, to.team

    def _generate(self, to: Credits, deal: Row) -> None:
        day, key = deal["created_date"], deal["opportunity_key"]
        version = self.facts.before(key, self.facts.start(day + DAY))
        assert version is not None
        day = version["close_date"] if version["is_closed"] else day
        owner = self.facts.histories[key][0]["owner_key"]
        for credit in to.at(owner, deal["created_at"]):
            credit.generated_count += 1
            credit.generated += self.facts.amount(version, day)

    def _assign(self, to: Credits, quota: Row) -> None:
        money = {
            "amount_original": quota["quota_amount"],
            "currency_code": quota["currency_iso_code"],
        }
        last = min(add_months(quota["start_date"], 1) - DAY, self.facts.as_of)
        for credit in to.as_ends(_key(quota["quota_owner_id"]), last):
            credit.quota = (credit.quota or Decimal(0)) + self.facts.amount(
                money, quota["start_date"]
            )
            credit.makes_a_node = True

    def _move(self, to: Credits, movement: Movement) -> None:
        if movement.entry == "start":
            opening_owner = str(movement.opening_owner)
            for credit in to.as_ends(opening_owner, movement.period.first - DAY):
                credit.opening_count += 1
                credit.opening += movement.amounts["start"]
        for credit in to.as_ends(str(movement.owner), movement.period.last):
            credit.start_count += movement.entry == "start"
            credit.slipped_count += movement.exit == "pushed_out"
            credit.open_count += movement.exit == "end"
            credit.open += movement.amounts.get("end", 0)

    def reps(self, own: dict[str, Credit]) -> set[str]:
        """Active owners and quota carriers, and others for whom there is something to show."""
        active = {
            _key(versions[-1]["id"])
            for versions in self.facts.users.values()
            if versions[-1]["is_active"]
        }
        return (active & self.owners) | {user for user, credit in own.items() if _shows(credit)}

    def nodes(self, period: Period, reps: set[str], team: dict[str, Credit]) -> set[str]:
        closing_at = self.facts.start(period.last + DAY)
        above = {n for rep in reps for n in self.facts.path(rep, closing_at, including=False)}
        return above | {node for node, credit in team.items() if credit.makes_a_node}


def figures(credit: Credit) -> Figures:
    """The columns of the performance tables, ranks left out; numbers as floats to a millionth."""
    remaining = None if credit.quota is None else credit.quota - credit.bookings
    closed = credit.won_count + credit.lost_count
    values = {
        "bookings_amount": credit.bookings,
        "won_count": credit.won_count,
        "lost_count": credit.lost_count,
        "win_rate": _ratio(credit.won_count, closed),
        "win_rate_amount": _ratio(credit.bookings, credit.bookings + credit.lost),
        "average_deal_amount": _ratio(credit.bookings, credit.won_count),
        "sales_cycle_days_average": statistics.mean(credit.cycles) if credit.cycles else None,
        "sales_cycle_days_median": statistics.median(credit.cycles) if credit.cycles else None,
        "quota_amount": credit.quota,
        "attainment_rate": _ratio(credit.bookings, credit.quota),
        "pipeline_generated_count": credit.generated_count,
        "pipeline_generated_amount": credit.generated,
        "open_pipeline_amount": credit.open,
        "coverage_ratio_full": _ratio(credit.opening, credit.quota),
        "coverage_ratio_remaining": (
            _ratio(credit.open, remaining) if remaining and remaining > 0 else None
        ),
        **{f"{kind}_count": credit.activities[kind] for kind in KINDS},
        "task_completed_count": credit.activities["task"],
        "slipped_count": credit.slipped_count,
        "slip_rate": _ratio(credit.slipped_count, credit.start_count),
    }
    return {
        name: None if value is None else round(float(value), 6) for name, value in values.items()
    }


def _close(credit: Credit, deal: Row) -> None:
    credit.makes_a_node = True
    amount = deal["amount"] or Decimal(0)
    if deal["is_won"]:
        credit.bookings += amount
        credit.won_count += 1
        credit.cycles.append((deal["close_date"] - deal["created_date"]).days)
    else:
        credit.lost += amount
        credit.lost_count += 1


def _shows(credit: Credit) -> bool:
    counts = credit.won_count + credit.lost_count + credit.generated_count
    counts += credit.opening_count + credit.open_count + sum(credit.activities.values())
    return counts > 0 or (credit.quota or 0) > 0


def _ratio(numerator: Any, denominator: Any) -> float | None:
    return float(numerator) / float(denominator) if denominator else None


def _key(user_id: str) -> str:
    return f"salesforce:{user_id}"
