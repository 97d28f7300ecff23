"""The marts of the sample company, against the same definitions written as plain loops."""

from __future__ import annotations

import shutil
from decimal import Decimal

import duckdb
import pytest
from dbt_company import Company
from plain_facts import Facts, read
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
    return list(movements(facts, "week", "month", "quarter", "year"))


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


def test_the_waterfall_of_opportunities_is_that_of_plain_loops(moved, reader):
    expected = {
        (m.period.kind, m.period.first, m.opportunity): (
            *(m.owner, m.entry, m.exit),
            *(m.amounts.get(part, Decimal(0)) for part in PARTS),
        )
        for m in moved
        if m.entry and m.period.kind != "year" and not m.is_unchanged
    }
    found = {
        (row["period_type"], row["period_start_date"], row["opportunity_key"]): (
            *(row["owner_key"], row["entry"], row["exit"]),
            *(row[f"{part}_amount"] for part in PARTS),
        )
        for row in read(reader, "from marts.mart_pipeline_waterfall_opportunity")
    }
    assert {m.entry for m in moved} >= {"start", "created", "pulled_in", "reopened", "moved_in"}
    assert {m.exit for m in moved} >= {"end", "won", "lost", "pushed_out", "removed"}
    assert found == expected


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
