"""The folder tree is the architecture; these rules keep it so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "orchestration"
STAGES = {
    "extract", "ingest", "transform", "quality", "forecast", "publish", "report", "activate",
    "sample",
}  # fmt: skip
COMMON_ROOMS = {
    "settings", "company", "contracts", "warehouse", "published", "alerts", "health", "spreadsheet",
    "queries", "formats", "meanings",
}  # fmt: skip
DAGSTER_DOORS = {
    "assets", "checks", "schedules", "sensors", "jobs", "resources", "catalog", "event_log",
}  # fmt: skip
# The doors of the command: it, its groups, what they share, what they show.
FRONT_DOORS = {
    "definitions", "cli", "quarantine_cli", "readers_cli", "report_cli", "upkeep_cli", "front",
    "terminal",
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms(file: Path) -> set[str]:
    """The rooms directly below the package that a file imports from."""
    parts = [name.split(".") for name in imported(file) if name.startswith("orchestration.")]
    return {part[1] for part in parts}


def stage_of(file: Path) -> str | None:
    first = file.relative_to(PACKAGE).parts[0]
    return first if first in STAGES else None


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_dagster_is_imported_only_at_the_doors(file):
    uses_dagster = any(name.split(".")[0].startswith("dagster") for name in imported(file))
    if uses_dagster:
        assert file.stem in DAGSTER_DOORS | FRONT_DOORS


@pytest.mark.parametrize(
    "file", [m for m in modules() if stage_of(m)], ids=lambda file: str(file.relative_to(PACKAGE))
)
def test_a_stage_imports_no_other_stage_and_nothing_above_it(file):
    allowed = COMMON_ROOMS | {stage_of(file)}
    if file.stem in DAGSTER_DOORS:
        allowed |= {"resources", "catalog"}
    assert rooms(file) <= allowed


def test_common_rooms_import_no_stage():
    for room in COMMON_ROOMS:
        for file in [*PACKAGE.glob(f"{room}.py"), *PACKAGE.glob(f"{room}/*.py")]:
            assert rooms(file) <= COMMON_ROOMS


def test_only_the_front_doors_know_more_than_one_stage():
    for file in modules():
        if len(rooms(file) & STAGES) > 1:
            assert file.stem in FRONT_DOORS, file


def test_the_dashboard_imports_common_rooms_only():
    for file in sorted((PACKAGE.parent / "dashboard").rglob("*.py")):
        assert rooms(file) <= COMMON_ROOMS, file
        assert "dagster" not in {name.split(".")[0] for name in imported(file)}, file


def test_only_pages_and_what_they_are_made_of_know_streamlit():
    for file in sorted((PACKAGE.parent / "dashboard").rglob("*.py")):
        if file.parent.name == "charts":
            assert not any(name.startswith("streamlit") for name in imported(file)), file
