"""Data frames: pandas and polars make the stated marts from the extracts, and keep them."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.environment import PYTHON
from benchmarks.measure import Figures, measured
from orchestration.contracts import load_contracts

MARTS = (
    "fct_activity",
    "fct_ad_performance_daily",
    "fct_opportunity_history",
    "mart_pipeline_daily",
)
_KINDS = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "moment",
    "DATE": "day",
    "BIGINT": "integer",
}


def prepare(landing: Path, folder: Path) -> Path:
    """Write what is to be known of each object: kinds of columns, and the key."""
    plan = {}
    for contract in load_contracts().values():
        files = sorted((landing / contract.source / contract.object).glob("*/*.csv"))
        if files:
            with files[0].open(encoding="utf-8") as lines:
                header = next(lines).rstrip("\n").split(",")
            kinds = {field.name: _KINDS.get(field.type, "number") for field in contract.fields}
            names = {field.column: field.name for field in contract.fields}
            plan[contract.object] = {
                "types": {name: kinds.get(name, "text") for name in header},
                "key": [names[column] for column in contract.key_columns],
            }
    file = folder / "frames.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    return file


def run(library: str, plan: Path, landing: Path, target: Path) -> Figures:
    """Run the program of a library, 'pandas' or 'polars', in the benchmark's own environment."""
    program = Path(__file__).with_name(f"{library}_frames.py")
    return measured([PYTHON, program, plan, landing, target]).figures
