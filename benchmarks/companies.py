"""The made-up companies that everything is measured on, and what changes in them later.

A company is written once for each scale and kept. The bad rows that the generator plants are taken
out: bare typed reading would stop at them, and setting them aside is not what is compared.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from shutil import copyfileobj

import duckdb

from orchestration.ingest import sql
from orchestration.sample.clock import EXTRACT_DATES
from orchestration.sample.write import write_sample
from orchestration.settings import REPOSITORY

FIRST_CHANGE_DATE = EXTRACT_DATES[-1] + dt.timedelta(days=1)


@dataclass(frozen=True)
class CompanyFiles:
    """The extracts of a company."""

    landing: Path
    scale: float
    rows: int
    megabytes: float


def company(folder: Path, scale: float) -> CompanyFiles:
    """The company of a scale, written to a folder unless it is there already.

    Args:
        folder: where companies are kept.
        scale: 1 has 100,000 opportunities.
    """
    home = folder / f"scale-{scale:g}"
    note = home / "company.json"
    code = _generator()
    facts = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if facts.get("generator") != code:
        written = write_sample(home / "landing", scale=scale)
        planted = defaultdict[str, set[int]](set)
        for defect in written.defects:
            planted[defect.file].add(defect.line)
        for name, lines in planted.items():
            _take_out(home / "landing" / name, lines)
        size = sum(file.stat().st_size for file in home.rglob("*.csv"))
        facts = {"generator": code, "rows": sum(written.rows.values()), "bytes": size}
        note.write_text(json.dumps(facts), encoding="utf-8")
    return CompanyFiles(home / "landing", scale, facts["rows"], facts["bytes"] / 1e6)


def copy_extracts(company: CompanyFiles, landing: Path) -> None:
    """Give a home the company's extracts, as links: each contestant has a landing of its own."""
    for file in company.landing.rglob("*.csv"):
        target = landing / file.relative_to(company.landing)
        target.parent.mkdir(parents=True)
        target.hardlink_to(file)


def change_deals(landing: Path, deals: int, day: dt.date) -> None:
    """Write an extract in which so many deals, spread over all, changed their amount.

    Of a fifth as many there is news of the past: a history row, years or months old, was missing.
    """
    order = 'order by hash("Id") limit'
    _write_change(landing, "Opportunity", _OTHER_AMOUNT, f"{order} {deals}", day)
    _write_change(landing, "OpportunityHistory", _MISSING_ROW, f"{order} {deals // 5}", day)


def change_share(landing: Path, one_in: int, day: dt.date) -> None:
    """Write an extract in which one in so many records of every large object is changed or new.

    Deals changed their amount, with a history row of the day; leads changed; activities, campaign
    members and advertising days are new.
    """
    drawn = f'where hash("Id") % {one_in} = 0'
    _write_change(landing, "Opportunity", _OTHER_AMOUNT, drawn, day)
    _write_change(landing, "OpportunityHistory", _NEW_ROW, drawn, day)
    _write_change(landing, "Lead", _TOUCHED, drawn, day)
    for name in ("Task", "Event", "CampaignMember"):
        _write_change(landing, name, _NEW_ROW, drawn, day)


# What replaces columns of a row; `{day}` is the extract's, `{digit}` makes an id another one.
_STAMP = """'{day}T03:00:00.000Z'"""
_NEW_ID = """substr("Id", 1, 3) || '{digit}' || substr("Id", 5) as "Id\""""
_TOUCHED = (f'{_STAMP} as "SystemModstamp"',)
_OTHER_AMOUNT = (
    """cast(round(try_cast("Amount" as decimal(18, 2)) * 1.{digit}, 2) as text) as "Amount\"""",
    *_TOUCHED,
)
_NEW_ROW = (_NEW_ID, f'{_STAMP} as "CreatedDate"', *_TOUCHED)
_MISSING_ROW = (
    _NEW_ID,
    """cast(round(try_cast("Amount" as decimal(18, 2)) * 0.9, 2) as text) as "Amount\"""",
    """strftime(
        cast("CreatedDate" as timestamp) + interval 1 hour, '%Y-%m-%dT%H:%M:%S.000Z'
    ) as "CreatedDate\"""",
)


def _write_change(
    landing: Path, name: str, columns: Sequence[str], which: str, day: dt.date
) -> None:
    """Write what became of some rows of an object as a later extract of it."""
    extracts = sorted((landing / "salesforce" / name).iterdir())
    # Of deals every extract is complete, of all else the first.
    model = extracts[len(EXTRACT_DATES) - 1 if name == "Opportunity" else 0] / f"{name}.csv"
    target = landing / "salesforce" / name / day.isoformat() / model.name
    target.parent.mkdir()
    replaced = ", ".join(columns).replace("{day}", day.isoformat())
    replaced = replaced.replace("{digit}", str(day.day % 10))
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * replace ({replaced}) from read_csv({sql.path(model)},"
            f" all_varchar = true, header = true, delim = ',') {which})"
            f" to {sql.path(target)} (header)"
        )


def _take_out(file: Path, lines: Collection[int]) -> None:
    """Remove physical lines, counted from 1, from the head of a file."""
    aside = file.with_suffix(".aside")
    with file.open("rb") as given, aside.open("wb") as kept:
        head = islice(given, max(lines))
        kept.writelines(line for number, line in enumerate(head, 1) if number not in lines)
        copyfileobj(given, kept, 1 << 20)
    aside.replace(file)


def _generator() -> str:
    """A digest of the code that writes companies: another one writes them anew."""
    files = sorted((REPOSITORY / "orchestration" / "sample").glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in [*files, Path(__file__)])).hexdigest()
