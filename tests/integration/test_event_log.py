"""What Dagster keeps of a run, by the storage that the instance of the home folder is given."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.instance import use_instance
from orchestration.settings import Settings


@dg.asset(check_specs=[dg.AssetCheckSpec("is_there", asset="table")])
def table():
    yield dg.MaterializeResult()
    yield dg.AssetCheckResult(passed=False, check_name="is_there")


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """The files that were opened while the asset was made in the home folder, and the run."""
    for name in ("DAGSTER_HOME", "SALESOPS_HOME", "SALESOPS_LANDING"):
        monkeypatch.setenv(name, "")
    use_instance(Settings(home=tmp_path))
    files = []
    connect = sqlite3.connect

    def noted(file, *arguments, **options):
        files.append(Path(file).name)
        return connect(file, *arguments, **options)

    with monkeypatch.context() as patch, dg.DagsterInstance.get() as instance:
        patch.setattr(sqlite3, "connect", noted)
        patch.setattr(sqlite3.dbapi2, "connect", noted)
        run = dg.materialize([table], instance=instance)
        return files, run, instance.all_logs(run.run_id)


def test_files_are_not_opened_for_every_event(opened):
    files, run, events = opened
    assert len(events) > 10
    assert files.count(f"{run.run_id}.db") <= 3  # the others make its tables
    assert files.count("index.db") <= 3


def test_another_process_finds_every_event_while_the_files_are_open(opened):
    _, run, events = opened
    look = (
        "import dagster as dg\n"
        "with dg.DagsterInstance.get() as instance:\n"
        f"    print(len(instance.all_logs('{run.run_id}')))\n"
        "    newest = instance.get_latest_materialization_event(dg.AssetKey('table'))\n"
        f"    print(newest.run_id == '{run.run_id}')\n"
        "    key = dg.AssetCheckKey(dg.AssetKey('table'), 'is_there')\n"
        "    checks = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])\n"
        "    print(checks[key].event.dagster_event.asset_check_evaluation_data.passed)\n"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(len(events)), "True", "False"]


def test_events_lie_where_dagster_itself_would_keep_them(opened, tmp_path):
    _, run, _ = opened
    assert (tmp_path / "dagster/history/runs" / f"{run.run_id}.db").exists()
