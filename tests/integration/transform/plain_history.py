"""The history of an opportunity, worked out from extracts by plain loops, as marts.md tells it."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from random_deals import STAGES, USERS

CATEGORIES = {"BestCase": "Best Case", "MostLikely": "Most Likely", "Forecast": "Commit"}
CATEGORY_OF_STAGE = {stage: category for stage, _, category, _, _ in STAGES}
INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class State:
    """How an opportunity stands at a moment."""

    stage: str
    category: str
    probability: Decimal | None
    amount: Decimal | None
    close_date: dt.date
    owner: str = ""
    is_deleted: bool = False
    is_assumed: bool = False

    @property
    def outcome(self) -> str:
        return {"Closed Won": "won", "Closed Lost": "lost"}.get(self.stage, "open")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z"))


def _state(row: dict[str, str]) -> State:
    category = row["ForecastCategory"] or CATEGORY_OF_STAGE[row["StageName"]]
    return State(
        stage=row["StageName"],
        category=CATEGORIES.get(category, category),
        probability=Decimal(row["Probability"]) / 100 if row["Probability"] else None,
        amount=Decimal(row["Amount"]) if row["Amount"] else None,
        close_date=dt.date.fromisoformat(row["CloseDate"]),
    )


def _states(said: list[tuple[dt.datetime, dict[str, str]]]) -> list[tuple[dt.datetime, State]]:
    """The state after each statement; what a record leaves out is as it was, in the same stage."""
    states: list[tuple[dt.datetime, State]] = []
    for at, row in said:
        state = _state(row)
        is_record = "OwnerId" in row
        if is_record and states and states[-1][1].stage == state.stage:
            before = states[-1][1]
            if not row["ForecastCategory"]:
                state = replace(state, category=before.category)
            if not row["Probability"]:
                state = replace(state, probability=before.probability)
        states.append((at, state))
    return states


class Extracts:
    """What the extracts seen by a date say, one opportunity at a time."""

    def __init__(self, landing: Path, as_of: dt.date, zone: ZoneInfo) -> None:
        self.zone = zone
        self.as_of = as_of
        folder = landing / "salesforce"
        days = sorted(dt.date.fromisoformat(f.name) for f in (folder / "Opportunity").iterdir())
        self.seen = [day for day in days if day <= max(as_of, days[0])]
        self.records: dict[str, list[tuple[dt.date, dict[str, str]]]] = defaultdict(list)
        for day in self.seen:
            for row in self._rows(folder, "Opportunity", day):
                if not self.records[row["Id"]] or self.records[row["Id"]][-1][1] != row:
                    self.records[row["Id"]].append((day, row))
        self.last_seen = {
            row["Id"]: day for day in self.seen for row in self._rows(folder, "Opportunity", day)
        }
        newest = self.seen[-1]
        self.histories = self._by_deal(self._rows(folder, "OpportunityHistory", newest))
        self.changes = self._by_deal(
            row
            for row in self._rows(folder, "OpportunityFieldHistory", newest)
            if row["DataType"] == "EntityId"
        )

    @staticmethod
    def _rows(folder: Path, name: str, day: dt.date) -> list[dict[str, str]]:
        file = folder / name / str(day) / f"{name}.csv"
        with file.open(newline="", encoding="utf-8") as handle:
            return list(csv.DictReader(handle))

    @staticmethod
    def _by_deal(rows: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
        deals = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row["CreatedDate"], row["Id"])):
            deals[row["OpportunityId"]].append(row)
        return deals

    def start_of(self, day: dt.date) -> dt.datetime:
        midnight = dt.datetime.combine(day, dt.time(), self.zone)
        return midnight.astimezone(dt.UTC).replace(tzinfo=None)

    def end_of(self, day: dt.date) -> dt.datetime:
        """The last instant of a business day."""
        return self.start_of(day + dt.timedelta(days=1)) - INSTANT

    def date_of(self, moment: dt.datetime) -> dt.date:
        return moment.replace(tzinfo=dt.UTC).astimezone(self.zone).date()


class History:
    """One opportunity: when anything changed, and how it stood at any moment."""

    def __init__(self, extracts: Extracts, key: str) -> None:
        records = [row for _, row in extracts.records[key]]
        stamps = [_moment(row["SystemModstamp"]) for row in records]
        tracked = [(_moment(row["CreatedDate"]), row) for row in extracts.histories[key]]
        observed = list(zip(stamps, records, strict=True))
        changes = [(_moment(c["CreatedDate"]), c["NewValue"]) for c in extracts.changes[key]]
        owners = [(at, row["OwnerId"]) for at, row in zip(stamps, records, strict=True)]
        # Sorting keeps the order of equals: of one moment the record speaks last.
        self.states = _states(sorted(tracked + observed, key=lambda pair: pair[0]))
        self.owners = sorted(changes + owners, key=lambda pair: pair[0])
        self.deletions = [
            (at, row["IsDeleted"] == "true") for at, row in zip(stamps, records, strict=True)
        ]
        gone = [day for day in extracts.seen if day > extracts.last_seen[key]]
        if gone:
            self.deletions.append((max(stamps[-1], extracts.start_of(gone[0])), True))
        told = [_moment(row["CreatedDate"]) for row in records if row["CreatedDate"]]
        self.created = told[0] if told else min(stamps)
        self.first_owner = self.owners[0][1]
        if changes and self.owners[0] == changes[0]:
            old_id = extracts.changes[key][0]["OldValue"]  # of 15 or 18 characters
            self.first_owner = next(user for user in USERS if user.startswith(old_id))
        self.currency = records[-1]["CurrencyIsoCode"] or "USD"
        first_at, first = self.states[0]
        self.unknown_until = self.created
        if first.outcome != "open" and not tracked:
            self.unknown_until = max(
                self.created, min(extracts.start_of(first.close_date), first_at)
            )
        self.moments = sorted(
            {max(at, self.created) for at, _ in self.states + self.owners + self.deletions}
            | {self.created, self.unknown_until}
        )

    def at(self, moment: dt.datetime) -> State | None:
        """The state after all changes up to and including a moment; None before creation."""
        if moment < self.created:
            return None
        state = replace(self.states[0][1], is_assumed=True)
        if moment < self.unknown_until:
            state = replace(state, stage="Unknown", category="Pipeline", probability=None)
        for at, known in self.states:
            if at <= moment:
                state = known
        owner, is_deleted = self.first_owner, False
        for at, new in self.owners:
            owner = new if at <= moment else owner
        for at, new in self.deletions:
            is_deleted = new if at <= moment else is_deleted
        return replace(state, owner=owner, is_deleted=is_deleted)
