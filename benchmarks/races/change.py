"""What a day of changes costs, by the size of the change and of the company.

Every step is what a day needs to get new extracts into marts: `salesops ingest` and `dbt run`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.companies import (
    FIRST_CHANGE_DATE,
    change_deals,
    change_share,
    company,
    copy_extracts,
)
from benchmarks.compare import check_same, fingerprints_of_database
from benchmarks.contestants import dbt_project, floor, salesops
from benchmarks.measure import Figures
from benchmarks.race import Goal, Options, Race, cpu, run_rounds
from benchmarks.races.build import ONE_IN

DEALS = 500
WHOLE, NOTHING, FEW, SHARE = "whole build", "nothing new", f"{DEALS} deals", "0.5 %"


def bench(options: Options) -> tuple[Race, Sequence[Goal]]:
    """Build companies whole, then after nothing, few deals, and a share of everything changed."""
    race = Race(
        f"Days of change, scale {' and '.join(f'{scale:g}' for scale in options.change_scales)}",
        f"Loading and marts, no tests: a first build; again with nothing new; after {DEALS} deals"
        f" changed, {DEALS // 5} of them in the past; after 0.5 % of all large objects changed.",
    )

    def one_round() -> dict[str, Figures]:
        return {
            f"{step}, scale {scale:g}": figures
            for scale in options.change_scales
            for step, figures in _steps(options, scale).items()
        }

    run_rounds(race, options.rounds, one_round)
    return race, [*_against_whole(race, options), *_against_scale(race, options)]


def _against_whole(race: Race, options: Options) -> list[Goal]:
    return [
        Goal(
            f"loading and marts, 0.5 % changed / whole, CPU, scale {scale:g}",
            0.1,
            tuple(race.ratios(f"{SHARE}, scale {scale:g}", f"{WHOLE}, scale {scale:g}", cpu)),
        )
        for scale in options.change_scales
    ]


def _against_scale(race: Race, options: Options) -> list[Goal]:
    if len(options.change_scales) < 2:
        return []
    small, large = min(options.change_scales), max(options.change_scales)
    ratios = race.ratios(f"{FEW}, scale {large:g}", f"{FEW}, scale {small:g}", cpu)
    return [Goal(f"{DEALS} deals at scale {large:g} / {small:g}, CPU", 2.0, tuple(ratios))]


def _steps(options: Options, scale: float) -> dict[str, Figures]:
    files = company(options.folder, scale)
    day = FIRST_CHANGE_DATE
    with TemporaryDirectory(dir=options.folder) as scratch:
        home = Path(scratch)
        copy_extracts(files, home / "landing")
        took = {WHOLE: _build(home, options), NOTHING: _build(home, options)}
        change_deals(home / "landing", DEALS, day)
        took[FEW] = _build(home, options)
        change_share(home / "landing", ONE_IN, day + dt.timedelta(days=1))
        took[SHARE] = _build(home, options)
        if scale == min(options.change_scales):
            _compare(home, options)
    return took


def _compare(home: Path, options: Options) -> None:
    """What was changed step by step is what the floor makes of all extracts at once."""
    database = home / "floor" / "warehouse.duckdb"
    floor.run(floor.prepare(home / "landing", home, marts=()), database, options.memory_limit)
    expected = fingerprints_of_database(salesops.warehouse(home))
    check_same(expected, fingerprints_of_database(database), "the floor, of all extracts")


def _build(home: Path, options: Options) -> Figures:
    loaded = salesops.ingest(home, options.memory_limit)
    return loaded + dbt_project.run(home, options.memory_limit)
