"""A dry run says what loading would do, and changes nothing."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path

import pytest

from orchestration.ingest import rehearsal
from orchestration.ingest.rehearsal import rehearse
from orchestration.ingest.run import IngestResult, ingest_landing
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from tests.integration.ingest.conftest import Office, account, csv_text, opportunity

FIRST, SECOND = "2026-03-14", "2026-03-15"


def accounts(day: str) -> str:
    return f"salesforce/Account/{day}/a.csv"


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def load(office: Office) -> IngestResult:
    """Load into the warehouse on disk, as the command does."""
    with open_warehouse(office.settings) as warehouse:
        return ingest_landing(office.settings, warehouse)


@pytest.fixture
def busy(office: Office) -> Office:
    """Three accounts, one of them refused, and a rejected file; new files wait in landing."""
    rows = [account(n) for n in range(1, 9)]
    office.deliver(f"salesforce/Account/{FIRST}/_profile.yaml", "extract_mode: full\n")
    office.deliver(f"salesforce/Account/{SECOND}/_profile.yaml", "extract_mode: full\n")
    office.deliver(accounts(FIRST), rows)
    office.deliver(f"salesforce/Lead/{FIRST}/bad.csv", "<html>")
    load(office)
    changed = account(2, AnnualRevenue="7.00", SystemModstamp="2026-03-15T00:00:00Z")
    office.deliver(accounts(SECOND), [*rows[2:], changed])
    office.deliver(
        f"salesforce/Opportunity/{SECOND}/o.csv", [opportunity(1), opportunity(2, Amount="x")]
    )
    office.deliver(f"salesforce/Opportunity/{SECOND}/copy.csv", [opportunity(1)])
    return office


def test_a_dry_run_tells_exactly_what_the_run_then_does(busy: Office) -> None:
    told = rehearse(busy.settings).result
    done = load(busy)
    assert told == done
    assert [(e.file_name, e.status) for e in done.entries] == [
        (accounts(SECOND), "loaded"),
        (f"salesforce/Lead/{FIRST}/bad.csv", "rejected"),
        (f"salesforce/Opportunity/{SECOND}/copy.csv", "loaded"),
        (f"salesforce/Opportunity/{SECOND}/o.csv", "loaded"),
    ]
    assert (done.rows.new, done.rows.changed, done.rows.deleted) == (1, 1, 1)
    assert (done.rows.unchanged, done.rows.quarantined) == (7, 1)


def test_a_dry_run_changes_no_byte_below_the_home(busy: Office) -> None:
    before = digests(busy.home)
    result = rehearse(busy.settings).result
    assert len(result.entries) == 4
    assert digests(busy.home) == before


def test_a_dry_run_without_a_warehouse_makes_none(office: Office) -> None:
    (office.home / "warehouse").rmdir()
    office.deliver(accounts(FIRST), [account(1)])
    before = digests(office.home)
    assert rehearse(office.settings).result.rows.new == 1
    assert digests(office.home) == before
    assert not (office.home / "warehouse").exists()


def test_a_dry_run_says_why_records_would_be_refused(busy: Office) -> None:
    (group,) = rehearse(busy.settings).refused
    assert (group.object, group.rule, group.records) == ("Opportunity", "amount_is_a_number", 1)
    assert group.example.startswith("Amount 'x' is not a number")


def test_a_dry_run_reports_rejections_that_were_taken_away(busy: Office) -> None:
    (busy.settings.landing_folder / f"salesforce/Lead/{FIRST}/bad.csv").unlink()
    told = rehearse(busy.settings).result
    assert told.withdrawn == (f"salesforce/Lead/{FIRST}/bad.csv",)
    assert told.rejected == ()
    assert told == load(busy)


def test_a_dry_run_looks_at_no_versions_of_objects_without_new_files(
    busy: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(busy)
    busy.deliver(f"salesforce/Opportunity/{SECOND}/more.csv", csv_text([opportunity(9)]))
    copied: dict[str, bool] = {}
    remember = rehearsal._remember_versions

    def note(*arguments: object, with_rows: bool) -> None:
        copied[arguments[1].object] = with_rows  # type: ignore[attr-defined]
        remember(*arguments, with_rows=with_rows)  # type: ignore[arg-type]

    monkeypatch.setattr(rehearsal, "_remember_versions", note)
    rehearse(Settings(home=busy.home))
    assert {name for name, with_rows in copied.items() if with_rows} == {"Opportunity", "Lead"}


def test_a_dry_run_leaves_the_dates_of_the_first_run_alone(busy: Office) -> None:
    rehearse(busy.settings)
    with open_warehouse(busy.settings) as warehouse:
        (newest,) = warehouse.execute(
            "select max(_last_extract_date) from raw_salesforce.account"
        ).fetchall()
    assert newest == (dt.date.fromisoformat(FIRST),)
