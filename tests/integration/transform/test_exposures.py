"""What the project says of its readers."""

from __future__ import annotations

import json
import re

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


def test_the_dashboard_reads_what_it_is_said_to_read():
    read, offered = exposed("dashboard")
    queries = (REPOSITORY / "orchestration" / "queries").glob("*.py")
    named = {name for file in queries for name in re.findall(r"\w+", file.read_text("utf-8"))}
    assert read == named & offered
