"""`salesops quarantine` and `salesops ingest --dry-run`, as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from tests.integration.ingest.conftest import csv_text, opportunity

DEALS = "salesforce/Opportunity/2026-03-14/deals.csv"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    file = tmp_path / "landing" / DEALS
    file.parent.mkdir(parents=True)
    rows = [opportunity(1), opportunity(2, LastModifiedDate="2026-03-01 08:00:00")]
    file.write_text(csv_text(rows))
    return tmp_path


def salesops(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_dry_run_prints_each_file_and_makes_nothing(home: Path) -> None:
    done = salesops("ingest", "--dry-run")
    assert done.exit_code == 0
    assert DEALS in done.output
    assert "2 read: 1 new, 1 quarantined" in done.output
    assert "has no time zone" in done.output
    assert [path.name for path in home.iterdir()] == ["landing"]


def test_a_dry_run_has_the_exit_code_of_the_run(home: Path) -> None:
    (home / "landing" / DEALS).with_name("bad.csv").write_text("<html>")
    told, done = salesops("ingest", "--dry-run"), salesops("ingest")
    assert told.exit_code == done.exit_code == 3
    assert "rejected: salesforce/Opportunity/2026-03-14/bad.csv: line 1" in told.output


def test_a_dry_run_acknowledges_nothing(home: Path) -> None:
    assert salesops("ingest", "--dry-run", "--acknowledge", DEALS).exit_code == 2
    assert not (home / "warehouse").exists()


def test_quarantine_before_anything_was_loaded_says_what_to_do(home: Path) -> None:
    done = salesops("quarantine", "list")
    assert done.exit_code == 1
    assert "nothing was loaded yet" in done.output
    assert [path.name for path in home.iterdir()] == ["landing"]


def test_a_refused_record_is_listed_shown_exported_mended_and_gone(home: Path) -> None:
    assert salesops("ingest").exit_code == 0
    listed = salesops("quarantine", "list").output
    assert "salesforce/Opportunity" in listed
    assert "200.00" in listed
    assert "1 record in quarantine" in listed
    shown = salesops("quarantine", "show", DEALS).output
    assert f"{DEALS}, line 3" in shown
    assert "LastModifiedDate '2026-03-01 08:00:00' has no time zone" in shown
    target = home / "mend.csv"
    assert "1 record in" in salesops("quarantine", "export", str(target)).output
    assert "2026-03-01 08:00:00" in target.read_text()
    (home / "landing" / DEALS).with_name("_profile.yaml").write_text("timezone: UTC\n")
    retried = salesops("quarantine", "retry", "--object", "Opportunity")
    assert "1 of 1 record accepted now" in retried.output
    assert "Nothing is in quarantine" in salesops("quarantine", "list").output
    assert salesops("quarantine", "show", DEALS).exit_code == 2


def test_a_selection_of_nothing_says_so_and_writes_no_file(home: Path) -> None:
    assert salesops("ingest").exit_code == 0
    assert (
        "Nothing in quarantine is of this" in salesops("quarantine", "list", "--file", "x").output
    )
    done = salesops("quarantine", "export", str(home / "none.csv"), "--object", "Lead")
    assert "No file is written" in done.output
    assert not (home / "none.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--limit", "-1"),
        ("show", DEALS, "--limit", "0"),
        ("show", DEALS, "--offset", "-1"),
        ("export", "/no/such/folder/mend.csv"),
    ],
)
def test_what_cannot_be_done_is_an_error_in_plain_words(
    home: Path, arguments: tuple[str, ...]
) -> None:
    assert salesops("ingest").exit_code == 0
    done = salesops("quarantine", *arguments)
    assert isinstance(done.exception, SystemExit)
    assert "Error: " in done.output
