"""``make bench``: contestants run in turn, their outputs compared, figures kept and drawn.

Run it as ``python -m benchmarks``; ``--help`` lists what can be chosen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import results
from benchmarks.environment import PYTHON
from benchmarks.measure import measured
from benchmarks.race import Bench, Options
from benchmarks.races import build, change, checks, marts, models, newcomer

BENCHES: dict[str, Bench] = {
    "build": build.bench,
    "newcomer": newcomer.bench,
    "change": change.bench,
    "marts": marts.bench,
    "models": models.bench,
    "checks": checks.bench,
}


def main() -> None:
    """Run the races that were chosen; each one's figures are kept as soon as it has ended."""
    options, names = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"{name}: {options.rounds} rounds ...", flush=True)
        race, goals = BENCHES[name](options)
        results.keep(race, goals, options)
        print(results.race_table(results.read()["races"][race.title]), flush=True)
    results.write_table()
    measured([PYTHON, Path(__file__).with_name("chart.py"), results.FOLDER])
    print(results.goal_table(results.read()["goals"]))


def _options() -> tuple[Options, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="1 has 100,000 opportunities")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--races", nargs="+", choices=BENCHES, default=list(BENCHES), metavar="RACE",
        help=f"of {', '.join(BENCHES)}; all by default",
    )  # fmt: skip
    parser.add_argument(
        "--change-scales", type=float, nargs="+", metavar="SCALE",
        help="of the companies in which deals change; the scale alone by default",
    )  # fmt: skip
    parser.add_argument("--rows", type=int, help="of the table that is checked")
    parser.add_argument("--memory-limit", default="4GB", help="of DuckDB, for all that use it")
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).with_name("data"),
        help="where companies are kept, and all else is made and removed",
    )  # fmt: skip
    given = parser.parse_args()
    return Options(
        given.folder.absolute(),
        given.scale,
        given.rounds,
        given.memory_limit,
        tuple(given.change_scales or [given.scale]),
        given.rows or int(10_000_000 * min(given.scale, 1)),
    ), given.races


if __name__ == "__main__":
    main()
