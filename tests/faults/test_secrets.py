"""Secrets of the environment stand nowhere after runs that failed in each stage in turn.

The stages of checks have their turn in ``tests/end_to_end/test_broken_data.py``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from rich.console import Console

from orchestration.terminal import RunProgress
from tests.conftest import Installation
from tests.end_to_end.test_broken_data import checks_of, places_of_secrets, run_steps, with_secrets


def _sql(home: Path, statement: str) -> None:
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(statement)


def break_loading(home: Path) -> dg.AssetSelection:
    _sql(home, "alter table raw_salesforce._lead alter column title type integer using 1")
    return dg.AssetSelection.assets("ops/load_ledger").required_multi_asset_neighbors()


def break_models(home: Path) -> dg.AssetSelection:
    shutil.rmtree(home / "warehouse" / "dbt", ignore_errors=True)
    (home / "warehouse" / "dbt").write_text("no folder")
    return dg.AssetSelection.assets("marts/dim_date")


def break_forecast(home: Path) -> dg.AssetSelection:
    _sql(home, "alter table marts.fct_forecast_run drop column note")
    return dg.AssetSelection.assets("marts/fct_forecast_run").required_multi_asset_neighbors()


def break_publication(home: Path) -> dg.AssetSelection:
    (home / "published" / "salesops.duckdb.wal").write_bytes(b"left by a killed writer")
    return checks_of("marts") | dg.AssetSelection.assets("published_database")


BREAKAGES = {
    "Load extracts": break_loading,
    "Build and test models": break_models,
    "Forecast bookings": break_forecast,
    "Publish": break_publication,
}


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory) -> Path:
    installation = Installation(tmp_path_factory.mktemp("demo") / "home")
    done = installation.salesops("demo")
    assert done.returncode == 0, done.stderr
    return installation.home


@pytest.fixture
def home(demo_home, tmp_path) -> Iterator[Path]:
    yield from with_secrets(demo_home, tmp_path / "home")


@pytest.mark.parametrize("stage", BREAKAGES)
def test_a_run_that_fails_in_any_stage_tells_no_secret(stage, home, figure):
    kept = figure("secrets of the environment after a run that failed: found nowhere", 1)
    progress = RunProgress(Console(quiet=True))
    success, events = run_steps(BREAKAGES[stage](home), progress)
    assert not success
    assert any(failure.startswith(f"{stage}: ") for failure in progress.failures)
    assert places_of_secrets(home, *map(str, events), *progress.failures) == []
    kept.reach()
