"""The dbt project by itself: run on tables that are loaded, or only rendered."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

from benchmarks.measure import Figures, measured
from orchestration.settings import DBT_PROJECT
from orchestration.transform.project import dbt_executable


@dataclass(frozen=True)
class RenderedModel:
    """A model as dbt sends it to the database."""

    name: str
    schema: str
    relation: str  # quoted, with its catalog `warehouse`
    kind: str  # how it is materialised
    sql: str  # of a first build


def run(home: Path, memory_limit: str, marts: Collection[str] = ()) -> Figures:
    """`dbt run`, of some marts and what they need or of everything; the parts are its models."""
    target = home / "target"
    select = ["--select", *(f"+{mart}" for mart in marts)] if marts else []
    environment = {"SALESOPS_HOME": str(home), "SALESOPS_MEMORY_LIMIT": memory_limit}
    figures = measured(
        [str(dbt_executable()), "run", "--quiet", "--target-path", str(target), *select],
        folder=DBT_PROJECT,
        environment=environment,
    ).figures
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {r["unique_id"].split(".")[-1]: r["execution_time"] for r in results}
    return replace(figures, part_seconds=seconds)


def render(folder: Path) -> list[RenderedModel]:
    """All models as SQL of a first build, each after the ones it reads.

    Args:
        folder: below which an empty warehouse and dbt's own files are made.
    """
    home = folder / "rendering"
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    (home / "warehouse" / "warehouse.duckdb").unlink(missing_ok=True)
    measured(
        [dbt_executable(), "compile", "--quiet", "--target-path", home / "target"],
        folder=DBT_PROJECT,
        environment={"SALESOPS_HOME": str(home)},
    )
    manifest = json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = {k: n for k, n in manifest["nodes"].items() if n["resource_type"] == "model"}
    order = TopologicalSorter({k: set(n["depends_on"]["nodes"]) for k, n in nodes.items()})
    return [
        RenderedModel(
            node["name"],
            node["schema"],
            node["relation_name"],
            node["config"]["materialized"],
            node["compiled_code"],
        )
        for key in order.static_order()
        if (node := nodes.get(key))
    ]
