"""This project, as a user calls it, and the same job by Dagster's own command."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Figures, measured
from orchestration.instance import TEMPLATE
from orchestration.jobs import JOB_NAME
from orchestration.settings import REPOSITORY

_BIN = Path(sys.executable).parent
_STEP = re.compile(r"✓ (.+?)\s+([\d.]+) s")


def run(home: Path, memory_limit: str) -> Figures:
    """`salesops run`; the parts are its steps, and what came before and after them."""
    done = measured([_BIN / "salesops", "run"], environment=_environment(home, memory_limit))
    steps = {title: float(seconds) for title, seconds in _STEP.findall(done.printed)}
    rest = done.figures.wall_seconds - sum(steps.values())
    return replace(done.figures, part_seconds=steps | {"Start and end": rest})


def ingest(home: Path, memory_limit: str) -> Figures:
    """`salesops ingest`."""
    done = measured([_BIN / "salesops", "ingest"], environment=_environment(home, memory_limit))
    return replace(done.figures, part_seconds={"Load extracts": done.figures.wall_seconds})


def dagster_job(home: Path, memory_limit: str) -> Figures:
    """`dagster job execute` of the job that `salesops run` runs."""
    instance = home / "dagster"
    instance.mkdir(parents=True)
    (instance / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
    command: list[str | Path] = [
        _BIN / "dagster",
        "job",
        "execute",
        "-m",
        "orchestration.definitions",
    ]
    environment = _environment(home, memory_limit) | {"DAGSTER_HOME": str(instance)}
    return measured([*command, "-j", JOB_NAME], folder=REPOSITORY, environment=environment).figures


def warehouse(home: Path) -> Path:
    """The database that a run made."""
    return home / "warehouse" / "warehouse.duckdb"


def _environment(home: Path, memory_limit: str) -> dict[str, str]:
    # Lines are found again only where none is broken or coloured.
    plain = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    return {"SALESOPS_HOME": str(home), "SALESOPS_MEMORY_LIMIT": memory_limit} | plain
