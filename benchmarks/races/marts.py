"""Loading and four marts, kept on disk: this project, data frames, and the floor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.companies import CompanyFiles, company, copy_extracts
from benchmarks.compare import check_same, fingerprints_of_database, fingerprints_of_files
from benchmarks.contestants import dbt_project, floor, frames, salesops
from benchmarks.measure import Figures
from benchmarks.race import Goal, Options, Race, run_rounds, wall

FLOOR, OURS = "floor", "ingest and dbt run"


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Race loading and the stated marts alone against pandas and polars."""
    files = company(options.folder, options.scale)
    race = Race(
        f"Loading and four marts, scale {options.scale:g}",
        f"{files.rows:,} rows, {files.megabytes:,.0f} MB of CSV, all loaded and kept; of it"
        f" {', '.join(frames.MARTS)}. No tests, nothing published.",
    )
    with TemporaryDirectory(dir=options.folder) as scratch:
        statements = floor.prepare(files.landing, Path(scratch), frames.MARTS)
        plan = frames.prepare(files.landing, Path(scratch))
        run_rounds(race, options.rounds, lambda: _round(options, files, statements, plan))
    return race, [
        Goal(
            f"loading and marts / {library}, wall time, scale {options.scale:g}",
            limit,
            tuple(race.ratios(OURS, library, wall)),
        )
        for library, limit in (("pandas", 0.5), ("polars", 1.0))
    ]


def _round(
    options: Options, files: CompanyFiles, statements: Path, plan: Path
) -> dict[str, Figures]:
    limit = options.memory_limit
    with TemporaryDirectory(dir=options.folder) as scratch:
        folder = Path(scratch)
        database, home = folder / "floor" / "warehouse.duckdb", folder / "home"
        copy_extracts(files, home / "landing")
        took = {
            FLOOR: floor.run(statements, database, limit),
            OURS: salesops.ingest(home, limit) + dbt_project.run(home, limit, frames.MARTS),
        }
        expected = fingerprints_of_database(salesops.warehouse(home))
        made = fingerprints_of_database(database)
        check_same(expected, {name: made[name] for name in frames.MARTS}, FLOOR)
        for library in ("pandas", "polars"):
            target = folder / library
            took[library] = frames.run(library, plan, files.landing, target)
            made = fingerprints_of_files(target, salesops.warehouse(home), frames.MARTS)
            check_same(expected, made, library)
    return took
