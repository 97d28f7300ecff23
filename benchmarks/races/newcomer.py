"""A newcomer's first run: the sample company by this command and by Dagster's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.compare import check_same, fingerprints_of_database
from benchmarks.contestants import salesops
from benchmarks.measure import Figures
from benchmarks.race import Goal, Options, Race, run_rounds, wall
from orchestration.sample.copy import copy_sample

RUN, DAGSTER = "salesops run", "dagster job execute"


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Race `salesops run` against Dagster's own command, on the same job and the sample."""
    race = Race("A newcomer's run", "The sample company, landing to published marts and forecast.")
    run_rounds(race, options.rounds, lambda: _round(options))
    ratios = tuple(race.ratios(RUN, DAGSTER, wall))
    return race, (Goal("salesops run / dagster job execute, sample, wall time", 0.5, ratios),)


def _round(options: Options) -> dict[str, Figures]:
    with TemporaryDirectory(dir=options.folder) as scratch:
        ours, theirs = Path(scratch) / "ours", Path(scratch) / "theirs"
        for home in (ours, theirs):
            copy_sample(home / "landing")
        took = {
            RUN: salesops.run(ours, options.memory_limit),
            DAGSTER: salesops.dagster_job(theirs, options.memory_limit),
        }
        expected = fingerprints_of_database(salesops.warehouse(ours))
        check_same(expected, fingerprints_of_database(salesops.warehouse(theirs)), DAGSTER)
    return took
