"""A whole run, everything on, against the floor; and the run of the next day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.companies import (
    FIRST_CHANGE_DATE,
    CompanyFiles,
    change_share,
    company,
    copy_extracts,
)
from benchmarks.compare import check_same, fingerprints_of_database
from benchmarks.contestants import floor, salesops
from benchmarks.measure import Figures
from benchmarks.race import Goal, Options, Race, cpu, run_rounds, wall

FLOOR, RUN, NEXT_DAY = "floor", "salesops run", "salesops run, a day later"
ONE_IN = 200  # records change from day to day


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Race a whole run, and then that of a day on which 0.5 % changed, against the floor."""
    files = company(options.folder, options.scale)
    race = Race(
        f"A whole run, scale {options.scale:g}",
        f"{files.rows:,} rows, {files.megabytes:,.0f} MB of CSV, to all marts; this project also"
        " checks them, forecasts and publishes. A day later 0.5 % of all large objects changed.",
    )
    with TemporaryDirectory(dir=options.folder) as scratch:
        plan = floor.prepare(files.landing, Path(scratch), marts=())
        run_rounds(race, options.rounds, lambda: _round(options, files, plan))
    seen = options.scale
    return race, (
        Goal(f"full run / floor, wall time, scale {seen:g}", 2.0, _tuple(race, RUN, FLOOR)),
        Goal(
            f"full run, peak memory in GB, scale {seen:g}",
            4.0,
            tuple(figures.peak_megabytes / 1000 for figures in race.figures(RUN)),
        ),
        Goal(
            f"run of a day with 0.5 % changed / full run, CPU, scale {seen:g}",
            0.1,
            tuple(race.ratios(NEXT_DAY, RUN, cpu)),
        ),
    )


def _tuple(race: Race, one: str, other: str) -> tuple[float, ...]:
    return tuple(race.ratios(one, other, wall))


def _round(options: Options, files: CompanyFiles, plan: Path) -> dict[str, Figures]:
    with TemporaryDirectory(dir=options.folder) as scratch:
        database = Path(scratch) / "floor" / "warehouse.duckdb"
        home = Path(scratch) / "home"
        copy_extracts(files, home / "landing")
        took = {FLOOR: floor.run(plan, database, options.memory_limit)}
        took[RUN] = salesops.run(home, options.memory_limit)
        expected = fingerprints_of_database(salesops.warehouse(home))
        check_same(expected, fingerprints_of_database(database), FLOOR)
        change_share(home / "landing", ONE_IN, FIRST_CHANGE_DATE)
        took[NEXT_DAY] = salesops.run(home, options.memory_limit)
    return took
