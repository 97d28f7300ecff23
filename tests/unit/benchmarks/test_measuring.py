"""What the benchmark counts, and when it calls outputs the same."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.companies import FIRST_CHANGE_DATE, change_deals, company, copy_extracts
from benchmarks.compare import OutputsDifferError, check_same, fingerprints_of_database
from benchmarks.measure import CommandFailedError, Figures, measured
from benchmarks.race import Goal, Race, run_rounds, wall

ROWS = "(values ('a', 1, 0.1::double), ('b', 2, null), (null, 3, 0.3)) as t(name, number, share)"


def made(folder: Path, query: str) -> Path:
    file = folder / f"{len(list(folder.iterdir()))}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.figures as {query}")
    return file


def differ(folder: Path, one: str, other: str) -> bool:
    expected, found = (fingerprints_of_database(made(folder, query)) for query in (one, other))
    try:
        check_same(expected, found, "the other")
    except OutputsDifferError:
        return True
    return False


@pytest.mark.parametrize(
    "same",
    [
        f"select * from {ROWS} order by number desc",
        f"select share, number, name from {ROWS}",
        f"select name, number, share * (1 + 1e-13) as share from {ROWS}",
    ],
)
def test_order_and_the_last_digits_of_fractions_make_no_other_table(
    tmp_path: Path, same: str
) -> None:
    assert not differ(tmp_path, f"select * from {ROWS}", same)


@pytest.mark.parametrize(
    "other",
    [
        f"select * from {ROWS} where number < 3",
        f"select * replace (number + (number = 2)::int as number) from {ROWS}",
        f"select * replace (coalesce(name, '') as name) from {ROWS}",
        f"select * replace (0.4 - share as share) from {ROWS}",  # the same sum, on other rows
        f"select * replace (coalesce(share, 0) as share) from {ROWS}",
        f"select *, 1 as more from {ROWS}",
    ],
)
def test_another_value_anywhere_makes_another_table(tmp_path: Path, other: str) -> None:
    assert differ(tmp_path, f"select * from {ROWS}", other)


def test_a_command_answers_for_the_time_and_memory_of_its_children() -> None:
    child = "import time; held = bytearray(200_000_000); sum(range(10**7)); time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    figures = measured([sys.executable, "-c", parent]).figures
    assert figures.peak_megabytes > 200
    assert figures.cpu_seconds > 0.05
    assert figures.wall_seconds > 0.4


def test_a_command_that_fails_says_what_it_printed() -> None:
    with pytest.raises(CommandFailedError, match="no such thing"):
        measured([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_ratios_are_taken_within_rounds() -> None:
    seconds = iter([(2.0, 4.0), (30.0, 40.0), (3.0, 4.0)])

    def one_round() -> dict[str, Figures]:
        ours, theirs = next(seconds)
        return {"ours": Figures(ours, 1, 1), "theirs": Figures(theirs, 1, 1)}

    race = run_rounds(Race("a race", "of two"), 3, one_round)
    goal = Goal("ours / theirs", 0.7, tuple(race.ratios("ours", "theirs", wall)))
    assert goal.seen == (0.5, 0.75, 0.75)
    assert (goal.median, goal.is_met) == (0.75, False)


def test_a_company_has_no_bad_rows_and_changes_as_many_deals_as_asked(tmp_path: Path) -> None:
    files = company(tmp_path, 0.001)
    home = tmp_path / "home"
    copy_extracts(files, home)
    change_deals(home, 10, FIRST_CHANGE_DATE)
    with duckdb.connect() as connection:
        ((bad,),) = connection.execute(
            "select count(*) from read_csv(?, all_varchar = true) where Id is null or IsWon ="
            " 'maybe'",
            [str(home / "salesforce" / "Opportunity" / "*" / "*.csv")],
        ).fetchall()
        counts = {
            name: connection.execute(
                "select count(distinct Id), min(length(Id)) from read_csv(?, all_varchar = true)",
                [str(home / "salesforce" / name / str(FIRST_CHANGE_DATE) / f"{name}.csv")],
            ).fetchall()
            for name in ("Opportunity", "OpportunityHistory")
        }
    assert bad == 0
    assert counts == {"Opportunity": [(10, 18)], "OpportunityHistory": [(2, 18)]}
