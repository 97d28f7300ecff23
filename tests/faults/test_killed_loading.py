"""Loading killed at any point loses nothing that was acknowledged, and running again puts it right.

A file is acknowledged when loading reports it as done. Its rows, its ledger entry and its refused
records are there together or not at all.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from pathlib import Path

import pytest

from orchestration.ingest.run import Progress, ingest_landing
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from tests.faults.processes import killed, killed_after
from tests.figures import LOADING_KILLED, MISSING_LOG
from tests.integration.ingest.conftest import account, csv_text, opportunity

FIRST, SECOND = "2026-03-14", "2026-03-15"
RAW = {"raw_salesforce.account": "Account", "raw_salesforce.opportunity": "Opportunity"}


def load(settings: Settings, acknowledged: Path) -> None:
    """Load landing; each file that is done is noted, and the note is on disk."""

    def note(progress: Progress) -> None:
        if progress.entry is not None:
            with acknowledged.open("a") as notes:
                notes.write(progress.file_name + "\n")
                notes.flush()
                os.fsync(notes.fileno())

    with open_warehouse(settings) as warehouse:
        ingest_landing(settings, warehouse, note)


def deliver(home: Path, day: str) -> None:
    later = day == SECOND
    bad = [] if later else [opportunity(90) | {"Amount": "much"}]
    files = {
        f"Account/{day}/a.csv": [account(n, Name=f"Company {n} {later}") for n in range(1, 40)],
        f"Account/{day}/b.csv": [account(n) for n in range(40, 60 + 20 * later)],
        f"Opportunity/{day}/a.csv": [opportunity(n, Amount=f"{n + later}") for n in range(50)],
        f"Opportunity/{day}/b.csv": [*(opportunity(n) for n in range(50, 80 - 10 * later)), *bad],
    }
    for name, rows in files.items():
        file = home / "landing" / "salesforce" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(csv_text(rows))
        (file.parent / "_profile.yaml").write_text("extract_mode: full\n")
    if later:
        refused = home / "landing" / "salesforce" / "Account" / day / "c.csv"
        refused.write_text("<html>Your session has expired</html>\n")


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """A home that has loaded one day, and in which the next has arrived."""
    home = tmp_path_factory.mktemp("before")
    deliver(home, FIRST)
    load(Settings(home=home), home / "acknowledged")
    (home / "acknowledged").unlink()
    deliver(home, SECOND)
    return home


def copied(home: Path, to: Path) -> Settings:
    shutil.copytree(home, to, copy_function=shutil.copy2)
    return Settings(home=to)


def content(settings: Settings) -> dict[str, list[tuple]]:
    """Everything that loading writes but for times of the clock."""
    tables = {
        **dict.fromkeys(RAW, "* exclude (_loaded_at)"),
        "ops.deleted_record": "*",
        "ops.quarantined_row": "source, object, file_name, line_number, raw_text, reasons",
        "ops.load_ledger": "* exclude (loaded_at, modified_ns)",
    }
    with open_warehouse(settings) as warehouse:
        return {
            table: warehouse.execute(f"select {columns} from {table} order by all").fetchall()
            for table, columns in tables.items()
        }


def check_nothing_acknowledged_is_lost(settings: Settings, acknowledged: Path) -> None:
    """After a kill: what was reported as done is in the ledger, and rows are as it counts them."""
    done = set(acknowledged.read_text().splitlines()) if acknowledged.exists() else set()
    with open_warehouse(settings) as warehouse:
        known = warehouse.execute("select file_name from ops.load_ledger").fetchall()
        assert done <= {name for (name,) in known}
        for table, name in RAW.items():
            (counted,) = warehouse.execute(
                "select sum(rows_new + rows_changed) from ops.load_ledger where object = ?", [name]
            ).fetchall()[0]
            assert warehouse.execute(f"select count(*) from {table}").fetchall() == [(counted,)]
        assert warehouse.execute(
            "select (select coalesce(sum(rows_quarantined), 0) from ops.load_ledger)"
            " = (select count(*) from ops.quarantined_row)"
        ).fetchall() == [(True,)]


def test_loading_that_is_killed_loses_nothing_and_is_completed_by_running_again(
    before, tmp_path, figure, full
):
    whole = copied(before, tmp_path / "whole")
    exit_code, calls = killed(
        load, whole, tmp_path / "whole acknowledged", places="orchestration/ingest", at=-1
    )
    assert exit_code == 0
    expected = content(whole)
    assert len(expected["raw_salesforce.account"]) > 60
    assert len(expected["ops.deleted_record"]) == 10
    assert len(expected["ops.quarantined_row"]) == 1
    count = 100 if full else 4
    killings = figure(LOADING_KILLED, count)
    chance = random.Random(count)  # noqa: S311 - no secret
    for number in range(count):
        home = tmp_path / str(number)
        settings, acknowledged = copied(before, home), tmp_path / f"{number} acknowledged"
        if number % 4:  # at a call
            at = 1 + calls * number // count
            exit_code, _ = killed(
                load, settings, acknowledged, places="orchestration/ingest", at=at
            )
            assert exit_code == -signal.SIGKILL
        else:  # at a moment, inside of DuckDB as well
            killed_after(load, settings, acknowledged, seconds=chance.uniform(0.1, 1.5))
        check_nothing_acknowledged_is_lost(settings, acknowledged)
        load(settings, acknowledged)
        assert content(settings) == expected, f"killed at point {number} of {count}"
        shutil.rmtree(home)
        killings.reach()


def test_a_log_that_was_lost_after_a_kill_costs_a_second_loading_only(before, tmp_path, figure):
    lost = figure(MISSING_LOG, 1)
    whole, settings = copied(before, tmp_path / "whole"), copied(before, tmp_path / "home")
    acknowledged = tmp_path / "acknowledged"
    load(whole, acknowledged)
    _, calls = killed(
        load, copied(before, tmp_path / "to count"), acknowledged,
        places="orchestration/ingest", at=-1,
    )  # fmt: skip
    killed(load, settings, acknowledged, places="orchestration/ingest", at=calls * 3 // 4)
    log = settings.warehouse_file.with_name("warehouse.duckdb.wal")
    log.unlink()  # it is there: what was committed since the last checkpoint is gone with it
    load(settings, acknowledged)
    assert content(settings) == content(whole)
    lost.reach()
