"""Secrets of the environment stand nowhere after complete runs that failed, stage by stage."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.terminal import STEP_TITLES
from tests.conftest import Installation
from tests.end_to_end.broken_data import (
    SECRETS,
    check_and_publish,
    places_of_secrets,
    with_secrets,
)
from tests.end_to_end.conftest import SECOND
from tests.figures import SECRETS_KEPT


def _sql(home: Path, statement: str) -> None:
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(statement)


def break_loading(home: Path) -> None:
    _sql(home, "alter table raw_salesforce._lead alter column title type integer using 1")
    leads = home / "landing" / "salesforce" / "Lead"
    shutil.copytree(leads / SECOND, leads / "2026-07-01")


def break_raw_checks(home: Path) -> None:
    _sql(home, "insert into raw_salesforce._opportunity default values")


def break_models(home: Path) -> None:
    shutil.rmtree(home / "warehouse" / "dbt", ignore_errors=True)
    (home / "warehouse" / "dbt").write_text("no folder")


def break_forecast(home: Path) -> None:
    _sql(home, "drop table marts.fct_forecast_run; create view marts.fct_forecast_run as select 1")


def break_publication(home: Path) -> None:
    (home / "published" / "salesops.duckdb.wal").write_bytes(b"left by a killed writer")


BEFORE_THE_RUN = {
    "Load extracts": break_loading,
    "Check raw tables": break_raw_checks,
    "Build and test models": break_models,
    "Forecast bookings": break_forecast,
    "Publish": break_publication,
}
WITHIN_THE_RUN = {
    "Check marts": ("marts", "marts.dim_stage"),
    "Check forecasts": ("forecast", "marts.fct_forecast"),
}
"""What these stages check is made anew by the stage before, so they run by themselves."""


def test_every_stage_has_its_turn():
    assert {*BEFORE_THE_RUN, *WITHIN_THE_RUN} == set(STEP_TITLES.values())


@pytest.mark.parametrize("stage", BEFORE_THE_RUN)
def test_a_run_that_fails_in_any_stage_tells_no_secret(stage, whole, tmp_path, figure):
    kept = figure(SECRETS_KEPT, 1)
    home = tmp_path / "home"
    shutil.copytree(whole[0].home, home, symlinks=True)
    BEFORE_THE_RUN[stage](home)
    done = Installation(home).salesops("run", **SECRETS)
    assert done.returncode != 0
    assert f"✓ {stage}" not in done.stdout
    assert f"{stage}: " in done.stderr + done.stdout or stage.startswith("Check")
    assert places_of_secrets(home, done.stdout, done.stderr) == []
    kept.reach()


@pytest.mark.parametrize("stage", WITHIN_THE_RUN)
def test_checks_that_fail_within_a_run_tell_no_secret(stage, whole, tmp_path, figure):
    kept = figure(SECRETS_KEPT, 1)
    step, repeated = WITHIN_THE_RUN[stage]
    for home in with_secrets(whole[0].home, tmp_path / "home"):
        _sql(home, f"insert into {repeated} from {repeated} limit 1")
        stopped = check_and_publish(step)
        assert not stopped.success
        assert places_of_secrets(home, *stopped.said()) == []
        kept.reach()
