"""SQLMesh: the project's models, as dbt renders them, planned and applied on loaded tables.

Each model becomes one of SQLMesh's own: a view where it is a view, else built in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contestants.dbt_project import RenderedModel
from benchmarks.environment import PYTHON
from benchmarks.measure import Figures, measured

_CONFIG = """\
gateways:
  local:
    connection:
      type: duckdb
      database: {database}
      connector_config:
        memory_limit: {limit}
    state_connection:
      type: duckdb
      database: {state}
default_gateway: local
model_defaults:
  dialect: duckdb
  start: 2023-01-01
disable_anonymized_analytics: true
"""
# What SQLGlot writes for a path that is put together binds otherwise, unless it is in parentheses.
_PATH = re.compile(r"""('\$\."' \|\| \w+ \|\| '"')""")


def prepare(models: Sequence[RenderedModel], folder: Path, database: Path, limit: str) -> None:
    """Write a SQLMesh project.

    Args:
        models: what dbt would build.
        folder: of the project.
        database: the warehouse with the raw tables, in which the models will be made.
        limit: of DuckDB's memory.
    """
    for model in models:
        if model.kind == "table_function":  # SQLMesh knows none
            continue
        kind = "VIEW" if model.kind == "view" else "FULL"
        file = folder / "models" / f"{model.schema}.{model.name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        head = f"MODEL (name {model.schema}.{model.name}, kind {kind});"
        query = _PATH.sub(r"(\1)", model.sql.strip())
        file.write_text(f"{head}\n\n{query}\n", encoding="utf-8")
    config = _CONFIG.format(database=database, state=folder / "state.duckdb", limit=limit)
    (folder / "config.yaml").write_text(config, encoding="utf-8")


def run(folder: Path) -> Figures:
    """`sqlmesh plan`, applied."""
    command = [
        str(PYTHON.parent / "sqlmesh"),
        "plan",
        "--auto-apply",
        "--no-prompts",
        "--skip-tests",
    ]
    environment = {"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true", "MAX_FORK_WORKERS": "1"}
    return measured(command, folder=folder, environment=environment).figures
