"""Secrets of the environment stand nowhere after runs that failed in each stage in turn."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import duckdb
import pytest

from orchestration.terminal import STEP_TITLES
from tests.conftest import Installation
from tests.end_to_end.test_broken_data import SECRETS, places_of_secrets


def _sql(home: Path, statement: str) -> None:
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(statement)


def break_loading(home: Path) -> None:
    _sql(home, "alter table raw_salesforce.opportunity rename column amount to price")


def break_raw_tables(home: Path) -> None:
    _sql(home, "update raw_salesforce.opportunity set probability = 150")


def break_models(home: Path) -> None:
    shutil.rmtree(home / "warehouse" / "dbt")
    (home / "warehouse" / "dbt").write_text("no folder")


def break_forecast(home: Path) -> None:
    _sql(home, "alter table marts.fct_forecast_run drop column note")


def break_forecasts(home: Path) -> None:
    _sql(home, "update marts.fct_forecast set p10_amount = p90_amount + 1 where p10_amount > 0")


def break_publication(home: Path) -> None:
    (home / "published" / "salesops.duckdb.wal").write_bytes(b"left by a killed writer")


BREAKAGES = {
    "ingest": break_loading,
    "raw_tables_keep_their_contracts": break_raw_tables,
    "marts": break_models,
    "forecast": break_forecast,
    "forecasts_are_sound": break_forecasts,
    "published_database": break_publication,
}


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory) -> Path:
    installation = Installation(tmp_path_factory.mktemp("demo") / "home")
    done = installation.salesops("demo")
    assert done.returncode == 0, done.stderr
    return installation.home


@pytest.mark.parametrize("step", BREAKAGES)
def test_a_run_that_fails_in_any_stage_tells_no_secret(step, demo_home, tmp_path, figure):
    kept = figure("secrets of the environment after a run that failed: found nowhere", 1)
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, symlinks=True)
    BREAKAGES[step](home)
    done = Installation(home).salesops("run", **SECRETS)
    assert done.returncode == 1, done.stdout
    assert f"✗ {STEP_TITLES[step]}" in done.stdout, done.stdout + done.stderr
    events = [
        str(row)
        for file in (home / "dagster" / "history" / "runs").glob("*.db")
        for row in sqlite3.connect(file).execute("select event from event_logs")
    ]
    assert events
    assert places_of_secrets(home, done.stdout, done.stderr, *events) == []
    kept.reach()
