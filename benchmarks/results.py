"""What was measured, as JSON, and as tables to read.

Every race and every goal stands with when and how it was measured. A race that is run again at its
scale replaces what it said before, and leaves all others as they are.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.environment import PYTHON
from benchmarks.measure import Figures, measured
from benchmarks.race import Goal, Options, Race, cpu, wall

FOLDER = Path(__file__).with_name("results")
LATEST = FOLDER / "latest.json"
TABLE = FOLDER / "latest.md"
_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "pandas")
_MEASURES: dict[str, Callable[[Figures], float]] = {
    "wall_seconds": wall,
    "cpu_seconds": cpu,
    "peak_megabytes": lambda figures: figures.peak_megabytes,
}


def read() -> dict[str, Any]:
    """What was measured last of every race and goal."""
    if LATEST.exists():
        found: dict[str, Any] = json.loads(LATEST.read_text(encoding="utf-8"))
        return found
    return {"goals": {}, "races": {}}


def keep(race: Race, goals: Sequence[Goal], options: Options) -> None:
    """Put the figures of a race, and of the goals judged by it, in place of earlier ones."""
    latest = read()
    measured_at = {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load": [round(load, 2) for load in race.loads],
        "memory_limit": options.memory_limit,
    }
    latest["races"][race.title] = {
        "title": race.title,
        "what": race.what,
        **measured_at,
        "machine": machine(),
        "versions": versions(),
        "contestants": {one: _contestant(race, one) for one in race.contestants},
    }
    latest["goals"] |= {
        goal.name: {"goal": goal.limit, "met": goal.is_met, **spread(goal.seen), "race": race.title}
        for goal in goals
    }
    FOLDER.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps(latest, indent=2) + "\n", encoding="utf-8")


def spread(seen: Sequence[float]) -> dict[str, float | int]:
    """Median, smallest and largest of what was seen, and how often it was."""
    return {
        "median": round(statistics.median(seen), 4),
        "min": round(min(seen), 4),
        "max": round(max(seen), 4),
        "rounds": len(seen),
    }


def machine() -> dict[str, str | int | float]:
    """What it was measured on."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.partition(": ")[2] for line in described.splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gigabytes": round(memory / 1e9, 1),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """Of what took part."""
    program = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({n: m.version(n) for n in ('polars', 'sqlmesh', 'duckdb', 'pandas')}))"
    )
    theirs = json.loads(measured([PYTHON, "-c", program]).printed)
    if theirs["duckdb"] != version("duckdb"):
        raise RuntimeError("the benchmark's environment has another DuckDB: `make bench-lock`")
    ours = {package: version(package) for package in _PACKAGES}
    return {"python": platform.python_version(), **theirs, **ours}


def _contestant(race: Race, name: str) -> dict[str, Any]:
    first = race.contestants[0]
    figures = race.figures(name)
    parts: dict[str, list[float]] = {}
    for took in figures:
        for part, seconds in took.part_seconds.items():
            parts.setdefault(part, []).append(seconds)
    medians = {part: round(statistics.median(seen), 3) for part, seen in parts.items()}
    return {
        **{measure: spread([of(took) for took in figures]) for measure, of in _MEASURES.items()},
        "wall_ratio_to_first": spread(race.ratios(name, first, wall)),
        "cpu_ratio_to_first": spread(race.ratios(name, first, cpu)),
        "part_seconds": dict(sorted(medians.items(), key=lambda part: -part[1])),
    }


def race_table(race: Mapping[str, Any]) -> str:
    """A race as Markdown: medians, and ratios to the first contestant with their spread."""
    first = next(iter(race["contestants"]))
    lines = [
        f"### {race['title']}\n\n{race['what']}\n",
        f"| | wall time, s | / {first} | CPU time, s | / {first} | peak memory, MB |",
        "|---|---|---|---|---|---|",
    ]
    for name, figures in race["contestants"].items():
        cells = [
            f"{figures['wall_seconds']['median']:,.1f}",
            _range(figures["wall_ratio_to_first"]),
            f"{figures['cpu_seconds']['median']:,.1f}",
            _range(figures["cpu_ratio_to_first"]),
            f"{figures['peak_megabytes']['median']:,.0f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append(f"\n{_circumstances(race)}\n")
    steps = {
        name: figures["part_seconds"] for name, figures in race["contestants"].items()
        if 1 < len(figures["part_seconds"]) <= 12
    }  # fmt: skip
    for name, parts in steps.items():
        told = ", ".join(f"{part} {seconds:.1f}" for part, seconds in parts.items())
        lines.append(f"{name}, seconds by part: {told}.\n")
    return "\n".join(lines)


def goal_table(goals: Mapping[str, Any]) -> str:
    """All goals as Markdown."""
    lines = ["| goal | at most | median (min to max) | rounds | met |", "|---|---|---|---|---|"]
    for name, goal in goals.items():
        met = "yes" if goal["met"] else "no"
        lines.append(f"| {name} | {goal['goal']:g} | {_range(goal)} | {goal['rounds']} | {met} |")
    return "\n".join(lines)


def write_table() -> None:
    """Write all that is kept as one page of Markdown."""
    latest = read()
    races = "\n".join(race_table(race) for race in latest["races"].values())
    page = f"# Results\n\nWritten by `make bench`.\n\n{goal_table(latest['goals'])}\n\n{races}"
    TABLE.write_text(page.rstrip() + "\n", encoding="utf-8")


def _range(figures: Mapping[str, float]) -> str:
    if figures["min"] == figures["max"]:
        return f"{figures['median']:.2f}"
    return f"{figures['median']:.2f} ({figures['min']:.2f} to {figures['max']:.2f})"


def _circumstances(race: Mapping[str, Any]) -> str:
    rounds = next(iter(race["contestants"].values()))["wall_seconds"]["rounds"]
    on, loads = race["machine"], ", ".join(f"{load:g}" for load in race["load"])
    return (
        f"{race['measured_at']}, rounds: {rounds}; load of the machine before each: {loads};"
        f" {on['cores']} cores of {on['processor']}, {on['memory_gigabytes']:g} GB;"
        f" DuckDB {race['versions']['duckdb']}, its memory limit {race['memory_limit']}."
    )
