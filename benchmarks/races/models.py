"""All models on loaded tables: dbt alone, SQLMesh alone, and the floor with its loading."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.companies import CompanyFiles, company, copy_extracts
from benchmarks.compare import check_same, fingerprints_of_database
from benchmarks.contestants import dbt_project, floor, salesops, sqlmesh_project
from benchmarks.measure import Figures
from benchmarks.race import Goal, Options, Race, run_rounds

FLOOR, BOTH, DBT, SQLMESH = "floor", "ingest and dbt run", "dbt run", "sqlmesh plan"


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Race what builds all models, tests and publishing left out; no goal hangs on it."""
    files = company(options.folder, options.scale)
    race = Race(
        f"All models, scale {options.scale:g}",
        f"{files.rows:,} rows to all marts, no tests. The floor and 'ingest and dbt run' begin with"
        " the extracts; 'dbt run' alone and SQLMesh with loaded tables.",
    )
    with TemporaryDirectory(dir=options.folder) as scratch:
        folder = Path(scratch)
        plan = floor.prepare(files.landing, folder, marts=())
        models = dbt_project.render(folder)
        run_rounds(race, options.rounds, lambda: _round(options, files, plan, models))
    return race, ()


def _round(
    options: Options, files: CompanyFiles, plan: Path, models: Sequence[dbt_project.RenderedModel]
) -> dict[str, Figures]:
    limit = options.memory_limit
    with TemporaryDirectory(dir=options.folder) as scratch:
        folder = Path(scratch)
        databases = {one: folder / one / "warehouse.duckdb" for one in (FLOOR, SQLMESH)}
        home = folder / "home"
        copy_extracts(files, home / "landing")
        bare = floor.run(plan, databases[FLOOR], limit)
        loaded = salesops.ingest(home, limit)
        databases[SQLMESH].parent.mkdir()
        shutil.copyfile(salesops.warehouse(home), databases[SQLMESH])
        built = dbt_project.run(home, limit)
        project = databases[SQLMESH].parent / "project"
        sqlmesh_project.prepare(models, project, databases[SQLMESH], limit)
        meshed = sqlmesh_project.run(project)
        expected = fingerprints_of_database(salesops.warehouse(home))
        for one, database in databases.items():
            check_same(expected, fingerprints_of_database(database), one)
    return {FLOOR: bare, BOTH: loaded + built, DBT: built, SQLMESH: meshed}
