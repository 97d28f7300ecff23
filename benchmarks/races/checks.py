"""Checks of one long raw table: inside the database, and on a pandas frame."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contestants import salesops
from benchmarks.loading import OBJECT, write_extract
from benchmarks.measure import Figures, measured
from benchmarks.race import Goal, Options, Race, run_rounds, wall
from orchestration.settings import REPOSITORY

CONTESTANTS = {
    "salesops checks": "checks_in_database",
    "Great Expectations on pandas": "checks_on_frame",
}


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Race the checks of a contract against the same expectations on a frame."""
    race = Race(
        f"Checks of {options.rows:,} rows",
        "The expectations that the contract of OpportunityHistory asks for, all met; by SQL in"
        " DuckDB with this project's own ones, on a pandas frame without them.",
    )
    with TemporaryDirectory(dir=options.folder) as scratch:
        home = Path(scratch)
        extract = home.joinpath("landing", *OBJECT, "2026-03-01", "history.csv")
        extract.parent.mkdir(parents=True)
        write_extract(extract, options.rows)
        salesops.ingest(home, options.memory_limit)
        run_rounds(race, options.rounds, lambda: _round(home, options))
    ours, theirs = CONTESTANTS
    ratios = tuple(race.ratios(ours, theirs, wall))
    name = f"checks / Great Expectations on pandas, {options.rows:,} rows, wall time"
    return race, (Goal(name, 0.25, ratios),)


def _round(home: Path, options: Options) -> dict[str, Figures]:
    """Both end with an error, and the race with them, unless every expectation is met."""
    environment = {"SALESOPS_HOME": str(home), "SALESOPS_MEMORY_LIMIT": options.memory_limit}
    return {
        name: measured(
            [sys.executable, "-m", f"benchmarks.contestants.{module}"],
            folder=REPOSITORY,
            environment=environment,
        ).figures
        for name, module in CONTESTANTS.items()
    }
