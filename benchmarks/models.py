"""Building the models of a made-up company: time per model, and peak memory.

Run it as ``python -m benchmarks.models``; ``--help`` lists what can be chosen. The company is built
whole, once more with nothing changed, and after a change of some deals, backdated ones among them,
in a later extract. Every build is a ``dbt run`` in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.ingest import sql
from orchestration.settings import DBT_PROJECT
from orchestration.transform.project import dbt_executable

BUILDS = ("whole", "nothing changed", "some deals changed")
NEXT_EXTRACT = "2026-07-01"  # the day after the newest extract of the made-up company


@dataclass(frozen=True)
class Build:
    """What one build took."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float  # the largest resident set
    model_seconds: dict[str, float]  # by name of the model


def main() -> None:
    """Make the company, build it three times, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models")
    parser.add_argument("--scale", type=float, default=1.0, help="1 has 100,000 opportunities")
    parser.add_argument("--deals", type=int, default=500, help="how many change")
    parser.add_argument("--longest", type=int, default=20, help="how many models to print")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        home = Path(scratch)
        _salesops(home, "sample", "--scale", str(options.scale), "--to", str(home / "landing"))
        _salesops(home, "ingest")
        builds = [measure(home), measure(home)]
        change(home / "landing", options.deals)
        _salesops(home, "ingest")
        builds.append(measure(home))
    print(table(builds, options.longest))


def change(landing: Path, deals: int) -> None:
    """Write an extract of so many deals, spread over all, each worth a tenth more than before.

    Of a fifth as many there is news of the past: a history row, years or months old, was missing.
    """
    records, histories = (
        sorted((landing / "salesforce" / name).iterdir())
        for name in ("Opportunity", "OpportunityHistory")
    )
    _write_extract(
        records[-1],
        f"""
        select * replace (
            cast(round(try_cast("Amount" as decimal(18, 2)) * 1.1, 2) as text) as "Amount",
            '{NEXT_EXTRACT}T03:00:00.000Z' as "SystemModstamp"
        )
        from extract
        order by hash("Id")
        limit {deals}
        """,
    )
    _write_extract(
        histories[0],
        f"""
        select * replace (
            '0089' || substr("Id", 5) as "Id",
            cast(round(try_cast("Amount" as decimal(18, 2)) * 0.9, 2) as text) as "Amount",
            strftime(
                cast("CreatedDate" as timestamp) + interval 1 hour, '%Y-%m-%dT%H:%M:%S.000Z'
            ) as "CreatedDate"
        )
        from extract
        order by hash("Id")
        limit {deals // 5}
        """,
    )


def _write_extract(model: Path, query: str) -> None:
    """Write what a query makes of an ``extract`` as a later one of the same object."""
    name = f"{model.parent.name}.csv"
    target = model.parent / NEXT_EXTRACT / name
    target.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"create view extract as from read_csv({sql.path(model / name)},"
            " all_varchar = true, header = true, delim = ',', ignore_errors = true)"
        )
        connection.execute(f"copy ({query}) to {sql.path(target)} (header)")


def measure(home: Path) -> Build:
    """Build all models in a process of its own."""
    target = home / "target"
    command = [str(dbt_executable()), "run", "--quiet", "--target-path", str(target)]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=DBT_PROJECT, env=os.environ | {"SALESOPS_HOME": str(home)}
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"dbt ended with {process.returncode}")
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {r["unique_id"].split(".")[-1]: r["execution_time"] for r in results}
    return Build(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, seconds)


def _salesops(home: Path, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "salesops"), *arguments]
    environment = os.environ | {"SALESOPS_HOME": str(home)}
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def table(builds: Sequence[Build], longest: int) -> str:
    """The models that took longest in the first build, all builds side by side, as Markdown."""
    lines = [f"| | {' | '.join(BUILDS)} |", "|---|" + "---|" * len(builds)]

    def row(name: str, figures: Sequence[float]) -> None:
        lines.append(f"| {name} | {' | '.join(f'{figure:,.2f}' for figure in figures)} |")

    row("peak memory, MB", [build.peak_megabytes for build in builds])
    row("wall time, s", [build.wall_seconds for build in builds])
    row("CPU time, s", [build.cpu_seconds for build in builds])
    row("all models, s", [sum(build.model_seconds.values()) for build in builds])
    first = builds[0].model_seconds
    for name in sorted(first, key=lambda model: -first[model])[:longest]:
        row(f"`{name}`, s", [build.model_seconds[name] for build in builds])
    return "\n".join(lines)


if __name__ == "__main__":
    main()
