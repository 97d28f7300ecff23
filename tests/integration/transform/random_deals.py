"""Extracts of deals to which anything may happen: reopened, deleted, handed over, imported.

Some have a whole history in the CRM, some a part of it, some none; the record of some was changed
without a trace in it. No name, amount or date means anything.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]

EXTRACTS = [dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 30)]
USERS = [f"0055g00000A{number:04d}AAB" for number in range(1, 8)]
STAGES = [  # name, probability, forecast category, closed, won
    ("Prospecting", "10", "Pipeline", "false", "false"),
    ("Qualification", "20", "Pipeline", "false", "false"),
    ("Proposal", "50", "BestCase", "false", "false"),
    ("Negotiation", "80", "Forecast", "false", "false"),
    ("Closed Won", "100", "Closed", "true", "true"),
    ("Closed Lost", "0", "Omitted", "true", "false"),
]
RATES = [
    ("EUR", "0.923456", "2026-02-01"),
    ("EUR", "0.9", "2026-03-10"),
    ("EUR", "0.8777", "2026-06-01"),
    ("VND", "25000", "2026-02-15"),
    ("VND", "26000", "2026-05-15"),
]
HISTORY = ("StageName", "Amount", "CloseDate", "Probability", "ForecastCategory")
OPTIONAL = [("ForecastCategory", "Probability"), ("Probability",), ("CreatedDate",)]


def stamp(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


class Deal:
    """One opportunity: what happened to it, and what the CRM wrote down."""

    def __init__(self, number: int, some: random.Random) -> None:
        self.some = some
        self.key = f"0065g00000B{number:04d}AAB"
        self.tracking = some.choice(["all", "all", "none", "part", "late"])
        self.is_purged = some.random() < 0.05
        created = dt.datetime(2026, 1, 1) + dt.timedelta(minutes=some.randrange(260_000))  # noqa: DTZ001
        self.records = [(created, self._first_record(created))]
        for _ in range(some.randrange(7)):
            moment = self.records[-1][0] + dt.timedelta(
                minutes=some.choice([0, 1, 30, 1440 * some.randrange(1, 30)])
            )
            self.records.append((moment, self._changed(dict(self.records[-1][1]), moment)))

    def _stage(self, *stages: tuple[str, ...]) -> Row:
        names = ("StageName", "Probability", "ForecastCategory", "IsClosed", "IsWon")
        return dict(zip(names, self.some.choice(stages), strict=True))

    def _amount(self) -> str:
        return self.some.choice(["", f"{self.some.randrange(1, 10**7) / 100:.2f}"])

    def _first_record(self, created: dt.datetime) -> Row:
        return {
            "Id": self.key,
            "IsDeleted": "false",
            "Name": self.key,
            **self._stage(*STAGES[:4] * 5, *STAGES),
            "Amount": self._amount(),
            "CloseDate": str(created.date() + dt.timedelta(days=self.some.randrange(-5, 90))),
            "CurrencyIsoCode": self.some.choice(["USD", "EUR", "VND", "GBP", ""]),
            "OwnerId": self.some.choice(USERS),
            "CreatedDate": stamp(created),
            "SystemModstamp": stamp(created),
        }

    def _changed(self, record: Row, moment: dt.datetime) -> Row:
        match self.some.choices(["stage", "date", "amount", "owner", "bin"], [9, 4, 3, 3, 1])[0]:
            case "stage":
                record |= self._stage(*STAGES)
                if self.some.random() < 0.1:
                    record["ForecastCategory"] = self.some.choice(["Omitted", "MostLikely"])
                if record["IsClosed"] == "true" and self.some.random() < 0.7:
                    record["CloseDate"] = str(moment.date())
            case "date":
                date = dt.date.fromisoformat(record["CloseDate"])
                record["CloseDate"] = str(date + dt.timedelta(days=self.some.randrange(-40, 70)))
            case "amount":
                record["Amount"] = self._amount()
            case "owner":
                record["OwnerId"] = self.some.choice(USERS)
            case "bin":
                record["IsDeleted"] = "true" if record["IsDeleted"] == "false" else "false"
        return record | {"SystemModstamp": stamp(moment)}

    def histories(self) -> Iterable[Row]:
        """Rows of OpportunityHistory, as far as it was tracked."""
        known: Row = {}
        for moment, record in self.records:
            state = {name: record[name] for name in HISTORY}
            is_kept = {
                "all": True,
                "none": False,
                "part": self.some.random() < 0.6,
                "late": moment.month >= 4,
            }[self.tracking]
            if state != known and is_kept:
                at = stamp(moment)
                row = {"OpportunityId": self.key, "CreatedDate": at, "SystemModstamp": at}
                yield row | state
            known = state

    def owner_changes(self) -> Iterable[Row]:
        """Rows of OpportunityFieldHistory, two for a change; an old id may have 15 characters."""
        for (_, before), (moment, after) in zip(self.records, self.records[1:], strict=False):
            if before["OwnerId"] != after["OwnerId"] and self.some.random() < 0.8:
                row = {"OpportunityId": self.key, "CreatedDate": stamp(moment), "Field": "Owner"}
                yield row | {"DataType": "Text", "OldValue": "Ann", "NewValue": "Bo"}
                old = before["OwnerId"][: self.some.choice([15, 18])]
                yield row | {"DataType": "EntityId", "OldValue": old, "NewValue": after["OwnerId"]}


def write(folder: Path, name: str, day: dt.date, rows: list[Row]) -> None:
    file = folder / "salesforce" / name / str(day) / f"{name}.csv"
    file.parent.mkdir(parents=True)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def deliver(landing: Path, count: int, seed: int) -> None:
    """Write the extracts of so many deals; the same seed gives the same deals."""
    some = random.Random(seed)  # noqa: S311 - no secret is made of it
    deals = [Deal(number, some) for number in range(count)]
    histories = [row for deal in deals for row in deal.histories()]
    changes = [row for deal in deals for row in deal.owner_changes()]
    for prefix, rows in (("008", histories), ("017", changes)):
        rows[:] = [{"Id": f"{prefix}5g{n:010d}AAA"} | row for n, row in enumerate(rows)]
    overruled: dict[str, tuple[dt.datetime, str]] = {}
    for day in EXTRACTS:
        taken = dt.datetime.combine(day, dt.time(15)) + dt.timedelta(hours=some.choice([0, 12]))
        records = []
        for deal in deals:
            known = [pair for pair in deal.records if pair[0] <= taken]
            if not known or (deal.is_purged and day == EXTRACTS[-1]):
                continue
            moment, record = known[-1]
            later = moment + dt.timedelta(days=1)
            if some.random() < 0.1 and later <= taken:
                overruled[deal.key] = (later, f"{some.randrange(1, 10**5) / 100:.2f}")
            if deal.key in overruled and overruled[deal.key][0] >= moment:
                moment, amount = overruled[deal.key]
                record = record | {"Amount": amount, "SystemModstamp": stamp(moment)}
            if some.random() < 0.2:
                record = record | dict.fromkeys(some.choice(OPTIONAL), "")
            records.append(record)
        write(landing, "Opportunity", day, records)
        profile = landing / "salesforce" / "Opportunity" / str(day) / "_profile.yaml"
        profile.write_text("extract_mode: full\n", encoding="utf-8")
        for name, rows in (("OpportunityHistory", histories), ("OpportunityFieldHistory", changes)):
            write(landing, name, day, [row for row in rows if row["CreatedDate"] <= stamp(taken)])
    write_choices(landing)


def write_choices(landing: Path) -> None:
    """Stages and currencies, the same in every extract."""
    names = ("ApiName", "DefaultProbability", "ForecastCategory", "IsClosed", "IsWon")
    stages = [
        {
            "Id": f"01J5g{n:010d}EAA",
            "MasterLabel": stage[0],
            "SortOrder": str(n),
            "IsActive": "true",
        }
        | dict(zip(names, stage, strict=True))
        for n, stage in enumerate(STAGES)
    ]
    currencies = [
        {
            "Id": f"01L5g{n:010d}EAA",
            "IsoCode": code,
            "ConversionRate": rate,
            "IsCorporate": corporate,
        }
        for n, (code, rate, corporate) in enumerate(
            [("USD", "1", "true"), ("EUR", "0.87", "false"), ("VND", "26001.5", "false")]
        )
    ]
    rates = [
        {"Id": f"04w5g{n:010d}AAA", "IsoCode": code, "ConversionRate": rate, "StartDate": start}
        for n, (code, rate, start) in enumerate(RATES)
    ]
    for name, rows in (
        ("OpportunityStage", stages),
        ("CurrencyType", currencies),
        ("DatedConversionRate", rates),
    ):
        stamped = [row | {"SystemModstamp": "2026-01-01T00:00:00.000Z"} for row in rows]
        write(landing, name, EXTRACTS[0], stamped)
