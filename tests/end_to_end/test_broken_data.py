"""Data broken on purpose are published nowhere and named everywhere: with `--full` once for every
suite of checks, else for some of each step.

The reason stands in what the command prints, in Dagster, and in the report; secrets of the
environment stand in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Installation
from tests.end_to_end.broken_data import (
    STEPS,
    break_table,
    check_and_publish,
    places_of_secrets,
    tables_of,
    with_secrets,
)
from tests.figures import BROKEN_DATA

EVERY = 12
"""One suite of so many is broken without `--full`."""


@pytest.fixture
def home(demo, tmp_path) -> Iterator[Path]:
    """A copy of the demo, in whose environment secrets are planted."""
    yield from with_secrets(demo[0].home, tmp_path / "home")


@pytest.mark.parametrize("step", STEPS)
def test_broken_data_stop_the_publication_and_the_reason_is_shown_everywhere(
    step, home, figure, full
):
    tables = tables_of(step)
    assert len(tables) > 6
    tables = tables if full else tables[::EVERY]
    named = figure(BROKEN_DATA, len(tables))
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
        broken = {table: break_table(warehouse, table) for table in tables}
    stopped = check_and_publish(step)
    assert not stopped.success
    published = Installation(home).query("select max(version) from ops.publication")
    assert published == [(1,)]
    for table, (check, reason) in broken.items():
        stopped.check_reason_is_shown(table, check, reason)
        named.reach()
    assert places_of_secrets(home, *stopped.said()) == []


def test_runs_keep_no_data_in_dagster(demo):
    stored = [f for f in (demo[0].home / "dagster" / "storage").rglob("*") if f.is_file()]
    assert [file for file in stored if "compute_logs" not in file.parts] == []
