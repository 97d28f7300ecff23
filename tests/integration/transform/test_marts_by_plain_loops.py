"""The marts of the sample company, against the same definitions written as plain loops."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections import defaultdict
from decimal import Decimal

import duckdb
import pytest
from dbt_company import Company
from plain_facts import DAY, Facts, Period, Row, read
from plain_performance import Performance, figures
from plain_waterfall import PARTS, Movement, by_owner, movements

from orchestration.settings import SAMPLE

TIMEZONE, FISCAL_START = "America/New_York", 5
NOTHING = (Decimal(0), 0)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Built as of a day between the two extracts, in a zone with summer time."""
    company = Company(tmp_path_factory.mktemp("company"))
    shutil.copytree(SAMPLE, company.home / "landing", ignore=shutil.ignore_patterns("*.md", ".*"))
    company.load()
    company.dbt(
        *("run", "--quiet", "--select", "+mart_rep_performance", "+mart_team_performance"),
        *("+mart_pipeline_waterfall", "+mart_pipeline_waterfall_opportunity"),
        *("+mart_pipeline_daily", "+pipeline_as_of", "+pipeline_waterfall_between"),
        "+fct_opportunity",
        as_of_date="2026-06-10",
        business_timezone=TIMEZONE,
        fiscal_year_start_month=FISCAL_START,
    )
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def facts(reader) -> Facts:
    return Facts(reader, timezone=TIMEZONE, fiscal_start=FISCAL_START)


@pytest.fixture(scope="module")
def moved(facts) -> list[Movement]:
    return list(movements(facts, facts.periods("week", "month", "quarter", "year")))


def test_the_waterfall_of_owners_is_that_of_plain_loops(moved, reader):
    expected = {
        key: {part: parts.get(part, NOTHING) for part in (*PARTS, "bookings")}
        for key, parts in by_owner([m for m in moved if m.period.kind != "year"]).items()
    }
    found = {
        (row["period_type"], row["period_start_date"], row["owner_key"]): {
            part: (row[f"{part}_amount"], row[f"{part}_count"]) for part in (*PARTS, "bookings")
        }
        for row in read(reader, "from marts.mart_pipeline_waterfall")
    }
    assert len(expected) > 2000
    assert found == expected


def parts_moved(movement: Movement) -> tuple:
    amounts = (movement.amounts.get(part, Decimal(0)) for part in PARTS)
    return (movement.owner, movement.entry, movement.exit, *amounts)


def parts_read(row: Row) -> tuple:
    amounts = (row[f"{part}_amount"] for part in PARTS)
    return (row["owner_key"], row["entry"], row["exit"], *amounts)


def test_the_waterfall_of_opportunities_is_that_of_plain_loops(moved, reader):
    expected = {
        (m.period.kind, m.period.first, m.opportunity): parts_moved(m)
        for m in moved
        if m.entry and m.period.kind != "year" and not m.is_unchanged
    }
    found = {
        (row["period_type"], row["period_start_date"], row["opportunity_key"]): parts_read(row)
        for row in read(reader, "from marts.mart_pipeline_waterfall_opportunity")
    }
    assert {m.entry for m in moved} >= {"start", "created", "pulled_in", "reopened", "moved_in"}
    assert {m.exit for m in moved} >= {"end", "won", "lost", "pushed_out", "removed"}
    assert found == expected


def between(reader: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> list[Row]:
    return read(reader, f"from marts.pipeline_waterfall_between(date '{first}', date '{last}')")


def test_the_waterfall_between_the_ends_of_a_period_is_that_of_the_mart(reader):
    rows = read(reader, "from marts.mart_pipeline_waterfall_opportunity")
    by_period: dict[tuple, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_period[row.pop("period_type"), row["period_start_date"], row["period_end_date"]][
            row["opportunity_key"]
        ] = row
    assert {kind for kind, *_ in by_period} == {"week", "month", "quarter"}
    for number, ((kind, first, last), expected) in enumerate(sorted(by_period.items())):
        if kind == "week" and number % 5:  # as many as there are months
            continue
        found = {row["opportunity_key"]: row for row in between(reader, first, last)}
        assert found == expected


def test_the_waterfall_between_any_two_dates_is_that_of_plain_loops_and_balances(facts, reader):
    some = random.Random(11)  # noqa: S311 - no secret is made of it
    entries, exits = set(), set()
    for _ in range(12):
        first = facts.as_of - DAY * some.randrange(1200)
        end = first + DAY * some.randrange(200)
        window = Period("window", first, end, min(end, facts.as_of))
        expected = {
            m.opportunity: parts_moved(m)
            for m in movements(facts, [window])
            if m.entry and not m.is_unchanged
        }
        rows = between(reader, first, end)
        assert {row["opportunity_key"]: parts_read(row) for row in rows} == expected
        for row in rows:
            came = sum(row[f"{part}_amount"] for part in (*PARTS[:5], "increased"))
            went = sum(row[f"{part}_amount"] for part in ("decreased", *PARTS[7:11]))
            assert came - went == row["end_amount"]
        entries |= {row["entry"] for row in rows}
        exits |= {row["exit"] for row in rows}
    assert entries == {"start", "created", "pulled_in", "reopened", "moved_in"}
    assert exits == {"end", "won", "lost", "pushed_out", "removed"}


def test_dates_the_wrong_way_round_bound_no_window(reader):
    assert between(reader, dt.date(2026, 5, 1), dt.date(2026, 4, 1)) == []


def test_the_pipeline_as_of_a_day_adds_up_to_the_rows_of_that_day(facts, reader):
    grain = "owner_key, stage_name, forecast_category, close_fiscal_quarter_start_date"
    days = [facts.as_of - DAY * distance for distance in (-1, 0, 1, 2, *range(30, 1300, 30))]
    numbers = set()
    for day in days:
        expected = read(
            reader,
            f"select {grain}, cast(sum(open_count) as bigint) as open_count,"
            f" sum(open_amount) as open_amount, sum(weighted_amount) as weighted_amount"
            f" from marts.mart_pipeline_daily where snapshot_date = date '{day}'"
            f" group by {grain} order by {grain}",
        )
        found = read(
            reader,
            f"select {grain}, count(*) as open_count, coalesce(sum(amount), 0) as open_amount,"
            f" coalesce(sum(weighted_amount), 0) as weighted_amount"
            f" from marts.pipeline_as_of(date '{day}') group by {grain} order by {grain}",
        )
        assert found == expected
        numbers.add(len(found))
    assert len(numbers) > 20
    assert 0 in numbers


def test_the_performance_of_reps_and_teams_is_that_of_plain_loops(facts, moved, reader):
    performance = Performance(facts, moved)
    reps, nodes = {}, {}
    for period in facts.periods("month", "quarter", "year"):
        own, team = performance.of(period)
        of_period = performance.reps(own)
        for user in of_period:
            reps[(period.kind, period.first, user)] = figures(own[user])
        for user in performance.nodes(period, of_period, team):
            nodes[(period.kind, period.first, user)] = figures(team[user])
    for table, expected in (("rep", reps), ("team", nodes)):
        found = {
            (row["period_type"], row["period_start_date"], row["user_key"]): {
                name: None if row[name] is None else round(float(row[name]), 6)
                for name in next(iter(expected.values()))
            }
            for row in read(reader, f"from marts.mart_{table}_performance")
        }
        assert len(expected) > 1500
        assert found == expected


def test_the_manager_at_the_close_is_the_node_next_above_the_owner(facts):
    closed = [deal for deal in facts.deals if deal["is_closed"]]
    assert len(closed) > 500
    for deal in closed:
        way_up = facts.path(deal["owner_at_close_key"], deal["closed_at"], including=True)
        assert deal["manager_at_close_key"] == (way_up[1] if way_up[1:] else None)
