"""The deals of Salesforce's extracts as HubSpot would deliver them: the same facts otherwise."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

from random_deals import STAGES, USERS

OWNERS = {user: str(number) for number, user in enumerate(USERS, start=101)}
STAGE_IDS = {name: f"stage{place}" for place, (name, *_) in enumerate(STAGES)}
CATEGORIES = {
    "Pipeline": "PIPELINE", "BestCase": "BEST_CASE", "MostLikely": "MOST_LIKELY",
    "Forecast": "COMMIT", "Omitted": "OMIT", "Closed": "CLOSED", "": None,
}  # fmt: skip


def properties_of(row: dict[str, str]) -> dict[str, str | None]:
    """The properties that Salesforce's columns correspond to; all values are text."""
    stage = next(stage for stage in STAGES if stage[0] == row["StageName"])
    percent = row["Probability"]
    return {
        "pipeline": "default",
        "dealstage": STAGE_IDS[row["StageName"]],
        "amount": row["Amount"] or None,
        "closedate": f"{row['CloseDate']}T00:00:00Z",
        "hs_deal_stage_probability": str(int(percent) / 100) if percent else None,
        "hs_manual_forecast_category": None
        if stage[3] == "true"
        else CATEGORIES[row["ForecastCategory"]],
    }


def number_of(opportunity: str) -> str:
    """A deal's id: the digits of the opportunity's."""
    return str(5_000_000 + int(opportunity[11:15]))


def deal(row: dict[str, str]) -> dict[str, object]:
    """A record as the API writes it."""
    gone = row["IsDeleted"] == "true"
    return {
        "id": number_of(row["Id"]),
        "createdAt": row["CreatedDate"] or None,
        "updatedAt": row["SystemModstamp"],
        "archived": gone,
        "archivedAt": row["SystemModstamp"] if gone else None,
        "properties": properties_of(row)
        | {
            "dealname": row["Name"],
            "createdate": row["CreatedDate"] or None,
            "hs_lastmodifieddate": row["SystemModstamp"],
            "hs_is_closed": row["IsClosed"],
            "hs_is_closed_won": row["IsWon"],
            "hubspot_owner_id": OWNERS[row["OwnerId"]],
            "deal_currency_code": row["CurrencyIsoCode"] or None,
        },
    }


def state_changes(rows: list[dict[str, str]]) -> Iterable[dict[str, object]]:
    """A history row says five things at one moment, which are five changes of a property.

    Of one moment HubSpot keeps one value. Where Salesforce has two rows for the first moment of a
    deal, the first of them says what was before it.
    """
    rows = sorted(rows, key=lambda row: (row["OpportunityId"], row["CreatedDate"], row["Id"]))
    previous = ""
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        is_first = row["OpportunityId"] != previous
        previous = row["OpportunityId"]
        stamp = row["CreatedDate"]
        twin = (row["OpportunityId"], stamp)
        if (
            is_first
            and following
            and twin == (following["OpportunityId"], following["CreatedDate"])
        ):
            stamp = _moment_before(stamp)
        for name, value in properties_of(row).items():
            yield _change(row["OpportunityId"], name, stamp, value)


def _moment_before(stamp: str) -> str:
    moment = dt.datetime.fromisoformat(stamp) - dt.timedelta(milliseconds=1)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def owner_changes(
    rows: Iterable[dict[str, str]], first_stamps: dict[str, str]
) -> Iterable[dict[str, object]]:
    """HubSpot keeps the first value too, which Salesforce names as the old value of the change."""
    seen: set[str] = set()
    for row in sorted(rows, key=lambda row: (row["CreatedDate"], row["Id"])):
        if row["DataType"] != "EntityId":
            continue
        key, old = row["OpportunityId"], row["OldValue"]
        if key not in seen and row["CreatedDate"] <= first_stamps.get(key, "9"):
            user = next(user for user in USERS if user.startswith(old))
            yield _change(key, "hubspot_owner_id", "2026-01-01T00:00:00.000Z", OWNERS[user])
        seen.add(key)
        yield _change(key, "hubspot_owner_id", row["CreatedDate"], OWNERS[row["NewValue"]])


def _change(opportunity: str, name: str, stamp: str, value: str | None) -> dict[str, object]:
    return {"deal_id": number_of(opportunity), "name": name, "timestamp": stamp, "value": value}


def pipelines() -> list[dict[str, object]]:
    stages = [
        {
            "id": STAGE_IDS[name],
            "label": name,
            "displayOrder": place,
            "archived": False,
            "metadata": {"isClosed": closed, "probability": str(int(percent) / 100)},
        }
        for place, (name, percent, _, closed, _) in enumerate(STAGES)
    ]
    return [{"id": "default", "label": "Sales", "displayOrder": 0, "stages": stages}]


def write_lines(landing: Path, name: str, day: str, rows: Iterable[dict[str, object]]) -> None:
    """Write records of a HubSpot object as JSON lines."""
    file = landing / "hubspot" / name / day / f"{name}.jsonl"
    file.parent.mkdir(parents=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    file.write_text(lines, encoding="utf-8")


def translate(landing: Path) -> None:
    """Write everything that landing holds of Salesforce's opportunities as HubSpot's deals."""
    first_stamps: dict[str, str] = {}
    for folder in sorted((landing / "salesforce" / "Opportunity").iterdir()):
        day = folder.name
        records = _rows(landing, "Opportunity", day)
        for row in records:
            first_stamps.setdefault(row["Id"], row["SystemModstamp"])
        write_lines(landing, "deals", day, map(deal, records))
        profile = landing / "hubspot" / "deals" / day / "_profile.yaml"
        profile.write_text("extract_mode: full\n", encoding="utf-8")
    histories = _rows(landing, "OpportunityHistory", day)
    changes = _rows(landing, "OpportunityFieldHistory", day)
    said = [*state_changes(histories), *owner_changes(changes, first_stamps)]
    last = {(row["deal_id"], row["name"], row["timestamp"]): row for row in said}
    write_lines(landing, "deal_property_history", day, last.values())
    write_lines(landing, "pipelines", day, pipelines())


def _rows(landing: Path, name: str, day: str) -> list[dict[str, str]]:
    file = landing / "salesforce" / name / day / f"{name}.csv"
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
