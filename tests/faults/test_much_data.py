"""An object of ten million rows is loaded and built with 500 MB for DuckDB, in less than 1 GB."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import DBT_PROJECT
from orchestration.transform.project import dbt_executable
from tests.conftest import Installation
from tests.figures import MUCH_DATA

ROWS = 10_000_000
DEALS = ROWS // 10
MOST_BYTES = 1_000_000_000
STAGES = "['Prospecting', 'Qualification', 'Proposal', 'Negotiation']"
ISO = "'%Y-%m-%dT%H:%M:%S.000Z'"

EXTRACTS = {
    "OpportunityStage": f"""
        select
            '01JQx' || lpad(n::varchar, 10, '0') as Id,
            {STAGES}[n + 1] as ApiName,
            n + 1 as SortOrder,
            true as IsActive,
            false as IsClosed,
            false as IsWon,
            'Pipeline' as ForecastCategory,
            25 * (n + 1) as DefaultProbability,
            '2025-01-01T00:00:00.000Z' as SystemModstamp
        from range(4) as numbers (n)
    """,
    "Opportunity": f"""
        select
            '006Qx' || lpad(n::varchar, 10, '0') as Id,
            'Deal ' || n as Name,
            'Negotiation' as StageName,
            n % 9967 as Amount,
            '2026-06-30' as CloseDate,
            'USD' as CurrencyIsoCode,
            false as IsDeleted,
            false as IsClosed,
            false as IsWon,
            strftime(timestamp '2025-01-01' + to_seconds(n * 30), {ISO}) as CreatedDate,
            strftime(timestamp '2026-03-01' + to_seconds(n), {ISO}) as SystemModstamp
        from range({DEALS}) as numbers (n)
    """,
    "OpportunityHistory": f"""
        select
            '008Qx' || lpad(n::varchar, 10, '0') as Id,
            '006Qx' || lpad((n % {DEALS})::varchar, 10, '0') as OpportunityId,
            strftime(
                timestamp '2025-01-01' + to_seconds(n % {DEALS} * 30) + to_days(n // {DEALS} * 3),
                {ISO}
            ) as CreatedDate,
            {STAGES}[1 + n // {DEALS} % 4] as StageName,
            n % 9973 as Amount,
            '2026-06-30' as CloseDate,
            50 as Probability,
            'Pipeline' as ForecastCategory,
            CreatedDate as SystemModstamp
        from range({ROWS}) as numbers (n)
    """,
}


@pytest.fixture
def installation(tmp_path) -> Installation:
    """An installation to which ten states of each of a million deals were delivered."""
    installation = Installation(tmp_path / "home")
    with duckdb.connect() as connection:
        for name, rows in EXTRACTS.items():
            folder = installation.landing / "salesforce" / name / "2026-03-14"
            folder.mkdir(parents=True)
            connection.execute(f"copy ({rows}) to '{folder}/all.csv' (header)")
    return installation


def start_dbt(installation: Installation, target: Path, **environment: str) -> subprocess.Popen:
    """Build the history of opportunities and all that it is made of."""
    return subprocess.Popen(
        [
            *(str(dbt_executable()), "run", "--select", "+fct_opportunity_history"),
            *("--target-path", str(target), "--log-path", str(target / "logs")),
        ],
        cwd=DBT_PROJECT,
        env=os.environ | {"SALESOPS_HOME": str(installation.home)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process: subprocess.Popen) -> tuple[str, int]:
    """What a process printed, and the most memory that it had, in bytes; it must have succeeded."""
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, output + process.stderr.read()
    return output, used.ru_maxrss * 1024


def test_ten_million_rows_are_loaded_and_built_within_a_gigabyte(installation, tmp_path, figure):
    within = figure(MUCH_DATA, 1)
    limit = {"SALESOPS_MEMORY_LIMIT": "500MB"}
    loaded, most_for_loading = outcome(installation.start("ingest", **limit))
    assert f"{ROWS + DEALS + 4:,} new" in loaded
    _, most_for_building = outcome(start_dbt(installation, tmp_path / "target", **limit))
    with duckdb.connect(str(installation.warehouse), read_only=True) as warehouse:
        found = warehouse.execute(
            "select count(*), count(distinct opportunity_key) from marts.fct_opportunity_history"
        ).fetchall()
    assert found == [(ROWS + DEALS, DEALS)]  # what history says, and the state that stands now
    assert most_for_loading < MOST_BYTES
    assert most_for_building < MOST_BYTES
    within.reach()
