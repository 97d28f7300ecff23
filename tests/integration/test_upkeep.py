"""`salesops rollback` and `salesops doctor`: what they find, what they say, how they exit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.health import space_finding
from orchestration.publish.versions import VersionStore
from orchestration.resources import fail_killed_runs, killed_runs
from orchestration.settings import Settings
from tests.publishing import Company, make_company


@pytest.fixture
def company(tmp_path) -> Company:
    company = make_company(tmp_path / "home")
    for amount in (1, 2):
        company.set_amounts(amount)
        company.publish()
    return company


@pytest.fixture
def salesops(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


def version_folder(company: Company, number: int) -> Path:
    return VersionStore(company.settings.published_folder).folder(number)


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def test_a_sound_installation_has_no_faults(company, salesops):
    result = salesops("doctor")
    assert (result.exit_code, result.stdout) == (0, "Everything is as it should be.\n")


def test_an_installation_that_never_ran_has_no_faults(tmp_path, salesops):
    assert salesops("doctor").exit_code == 0
    assert not (tmp_path / "home").exists()


def test_rolling_back_says_what_readers_see_and_until_when(company, salesops):
    result = salesops("rollback")
    assert result.exit_code == 0, result.output
    assert "Version     1, published 20" in result.stdout
    assert "As of       2026-06-30" in result.stdout
    assert "Before      version 2" in result.stdout
    doctor = salesops("doctor")
    assert doctor.exit_code == 0
    assert "readers were taken back to version 1 on 20" in doctor.stdout
    assert "Version     2, published 20" in salesops("rollback", "--end").stdout
    assert salesops("doctor").stdout == "Everything is as it should be.\n"


def test_rolling_back_to_nothing_is_one_line_on_standard_error(company, salesops):
    result = salesops("rollback", "7")
    assert result.exit_code == 1
    assert result.stderr == "error: version 7 is not kept; these are: 1, 2\n"


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("name", ["salesops.duckdb", "parquet/fct_opportunity.parquet"])
def test_a_file_that_differs_from_its_manifest_is_named(company, salesops, number, name):
    spoil(version_folder(company, number) / name)
    result = salesops("doctor")
    assert result.exit_code == 1
    assert f"not as it was written: {name}" in result.stdout
    assert ("which readers see" in result.stdout) == (number == 2)
    assert "1 faults found" in result.stdout


def test_a_manifest_that_cannot_be_read_is_named(company, salesops):
    file = version_folder(company, 2) / "manifest.json"
    file.chmod(0o644)
    file.write_text("{")
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "not as it was written: manifest.json" in result.stdout


def test_a_write_ahead_log_beside_a_published_database_is_named(company, salesops):
    log = version_folder(company, 1) / "salesops.duckdb.wal"
    log.write_bytes(b"left by a killed writer")
    result = salesops("doctor")
    assert result.exit_code == 1
    assert f"{log}: a write-ahead log beside a published database" in result.stdout


def test_a_publication_that_was_interrupted_before_readers_saw_it_is_named(company, salesops):
    VersionStore(company.settings.published_folder).switch_to(1)
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "wrong version: readers see 1, version 2 is whole" in result.stdout


def test_a_file_in_the_place_of_a_link_is_named(company, salesops):
    file = company.settings.published_file
    file.unlink()
    file.write_text("no database")
    result = salesops("doctor")
    assert result.exit_code == 1
    assert f"{file}: does not lead to the version that `current` names" in result.stdout


def leave_a_log(file: Path) -> Path:
    """Have a process killed that has just written to a database; its write-ahead log."""
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        " c.execute('create table main.left_over as select 1 as x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], check=False)
    return file.with_name(f"{file.name}.wal")


def test_the_log_that_a_killed_run_left_beside_the_warehouse_is_no_fault(company, salesops):
    assert leave_a_log(company.settings.warehouse_file).exists()
    assert salesops("doctor").exit_code == 0


def test_a_stale_log_beside_the_warehouse_is_named_and_never_merged(company, salesops):
    file = company.settings.warehouse_file
    log = leave_a_log(file)
    stale = shutil.copy(log, log.with_name("stale"))
    company.set_amounts(3)  # opens it, so that the log is merged and gone
    shutil.move(stale, log)
    result = salesops("doctor")
    assert result.exit_code == 1
    assert f"{log}: does not belong to the warehouse beside it" in result.stdout
    log.unlink()
    assert salesops("doctor").exit_code == 0


def test_a_warehouse_that_lost_the_published_run_is_named(company, salesops):
    company.execute("delete from ops.check_result")
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "does not know run run 1, which published the newest version" in result.stdout
    company.settings.warehouse_file.unlink()
    assert f"{company.settings.warehouse_file}: missing" in salesops("doctor").stdout


def test_a_damaged_warehouse_is_named(company, salesops):
    company.settings.warehouse_file.write_bytes(b"no database" * 1000)
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "does not open" in result.stdout


HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("ready", flush=True)
time.sleep(60)
"""


def test_a_second_writer_is_named_with_its_process(company, salesops):
    file = str(company.settings.warehouse_file)
    other = subprocess.Popen([sys.executable, "-c", HOLD, file], stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "ready\n"
    result = salesops("doctor")
    other.kill()
    other.communicate()
    assert result.exit_code == 1
    assert f"process {other.pid} has it open, and is no run" in result.stdout


def test_too_little_space_is_a_finding(tmp_path):
    (finding,) = space_finding(tmp_path, free=1_500_000_000, needed=2_000_000_000)
    assert finding.what == "1.5 GB free, a run may need 2.0 GB"
    assert list(space_finding(tmp_path, free=2_000_000_000, needed=2_000_000_000)) == []


def test_a_key_that_others_may_read_is_a_finding(company, salesops):
    company.settings.contact_key_file.chmod(0o644)
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "others may read the key of the contact hashes" in result.stdout


RUN = """
import os, sys, time
import dagster as dg
from orchestration.instance import use_instance
from orchestration.resources import RESERVATION, warehouse_reservation
from orchestration.settings import Settings

use_instance(Settings())

@dg.op(required_resource_keys={RESERVATION})
def work():
    print("ready", flush=True)
    time.sleep(float(sys.argv[1]))

@dg.job(resource_defs={RESERVATION: warehouse_reservation})
def daily():
    work()

with dg.DagsterInstance.get() as instance:
    daily.execute_in_process(instance=instance, raise_on_error=False)
"""


def begin_run(seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(seconds)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def _own_environment():
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("_own_environment")
def test_a_killed_run_is_named_and_the_next_one_marks_it_as_failed(company, salesops):
    alive = begin_run(60)
    running = salesops("doctor")
    assert running.exit_code == 0, running.stdout
    alive.send_signal(signal.SIGKILL)
    alive.communicate()
    result = salesops("doctor")
    assert result.exit_code == 1
    assert "Dagster shows it as under way, and its process is gone" in result.stdout
    assert begin_run(0).wait(timeout=60) == 0
    with dg.DagsterInstance.get() as instance:
        statuses = [run.status for run in instance.get_runs()]
        assert killed_runs(instance, Settings()) == []
        assert fail_killed_runs(instance, Settings(), own_run_id="none") == []
    assert statuses == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    assert salesops("doctor").stdout == "Everything is as it should be.\n"


@pytest.mark.usefixtures("_own_environment", "salesops")
def test_a_run_waits_for_what_a_killed_one_left_at_work(company):
    killed = begin_run(60)
    killed.kill()
    killed.communicate()
    file = str(company.settings.warehouse_file)
    left = subprocess.Popen([sys.executable, "-c", HOLD, file], stdout=subprocess.PIPE, text=True)
    assert left.stdout.readline() == "ready\n"
    following = subprocess.Popen(
        [sys.executable, "-c", RUN, "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while "Waiting for what killed runs may have left" not in (line := following.stderr.readline()):
        assert line, "it ended without waiting"
    assert following.poll() is None
    left.kill()
    left.communicate()
    assert following.stdout.readline() == "ready\n"
    following.communicate()
    assert following.returncode == 0
