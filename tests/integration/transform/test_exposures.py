"""What the project says of its readers."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from orchestration.forecast.assets import INPUTS
from orchestration.publish.tables import OPS_TABLES
from orchestration.settings import REPOSITORY
from orchestration.transform.project import prepare_manifest


def exposed(name: str) -> tuple[set[str], set[str]]:
    """Models that a reader depends on, and all that are made for readers."""
    manifest = json.loads(prepare_manifest().read_text(encoding="utf-8"))
    models = {
        key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    exposure = manifest["exposures"][f"exposure.salesops.{name}"]
    read = {models[key]["name"] for key in exposure["depends_on"]["nodes"] if key in models}
    offered = {
        node["name"]
        for node in models.values()
        if node["schema"] == "marts" or (node["schema"] == "ops" and node["name"] in OPS_TABLES)
    }
    return read, offered


def test_every_model_for_readers_is_published():
    read, offered = exposed("published_database")
    assert read == offered


def test_the_forecast_reads_what_it_is_said_to_read():
    read, _ = exposed("bookings_forecast")
    assert read == set(INPUTS)


def asked_by(folder: Path) -> set[str]:
    """Every word of the queries that the modules of a folder ask."""
    imports = {
        name
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "orchestration.queries"
        for name in (alias.name for alias in node.names)
    }
    queries = REPOSITORY / "orchestration" / "queries"
    files = [file for name in imports if (file := queries / f"{name}.py").exists()]
    assert files
    return {name for file in files for name in re.findall(r"\w+", file.read_text("utf-8"))}


def test_the_dashboard_reads_what_it_is_said_to_read():
    read, offered = exposed("dashboard")
    assert read == asked_by(REPOSITORY / "dashboard") & offered


def test_the_reports_read_what_they_are_said_to_read():
    read, offered = exposed("reports")
    assert read == asked_by(REPOSITORY / "orchestration" / "report") & offered
