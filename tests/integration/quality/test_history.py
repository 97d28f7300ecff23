"""Tables are held against their own past: the same weekday's, once there is enough of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from orchestration.contracts import load_contracts
from orchestration.quality.history import (
    mart_history_check,
    profile_extracts,
    profile_marts,
    raw_history_check,
)
from orchestration.quality.rhythm import late_extracts, rhythm_check
from orchestration.quality.validate import run_checks
from orchestration.settings import Settings

MONDAY = dt.date(2026, 1, 5)
CONTRACT = load_contracts(Settings(home=Path("/nowhere")))["salesforce", "Opportunity"]
TABLE = f"{CONTRACT.schema}.{CONTRACT.table}"


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute(
            f"create schema marts; create schema ops; create schema {CONTRACT.schema};"
            f"create table {TABLE} as select 1 as id;"
            "create table marts.fct_deal (deal_key integer, owner varchar, amount decimal(18, 2));"
            "create table ops.load_ledger (source varchar, object varchar, extract_date date,"
            " status varchar, rows_read bigint)"
        )
        yield connection


def measure(warehouse, day, rows, nulls=10, amount=100):
    warehouse.execute("delete from marts.fct_deal")
    warehouse.execute(
        f"insert into marts.fct_deal select n, if(n < {nulls}, null, 'u'), {amount}"
        f" from range({rows}) as numbers (n)"
    )
    profile_marts(warehouse, ["fct_deal"], MONDAY + dt.timedelta(days=day))


def unusual(warehouse):
    (result,) = run_checks(warehouse, [mart_history_check("fct_deal", ("deal_key",))])
    assert (result.status == "passed") == (not result.sample_keys)
    return [key.rpartition(", value")[0] for key in result.sample_keys]


def test_without_a_past_nothing_is_unusual(warehouse):
    for day in range(7):
        measure(warehouse, day, rows=1000 if day < 6 else 1)
        assert unusual(warehouse) == []


def test_a_mart_that_lost_rows_is_unusual(warehouse):
    for day in range(10):
        measure(warehouse, day, rows=1000 + day)
        assert unusual(warehouse) == []
    measure(warehouse, 10, rows=700, nulls=7)
    assert unusual(warehouse) == ["metric=row_count, column_name="]
    row = warehouse.execute(
        "select value, usual_value, tolerance, past_count from ops.table_profile"
        " where is_newest and metric = 'row_count'"
    ).fetchall()
    assert row == [(700, 1004.5, pytest.approx(50.225), 10)]


def test_a_column_that_lost_its_values_is_unusual(warehouse):
    for day in range(10):
        measure(warehouse, day, rows=1000)
    measure(warehouse, 10, rows=1000, nulls=100)
    assert unusual(warehouse) == ["metric=null_share, column_name=owner"]


def test_a_column_whose_average_moved_is_unusual(warehouse):
    for day in range(10):
        measure(warehouse, day, rows=1000, amount=100 + day % 3)
    measure(warehouse, 10, rows=1000, amount=10_000)
    assert unusual(warehouse) == ["metric=average, column_name=amount"]


def test_a_day_is_held_against_the_same_weekdays_once_there_are_enough(warehouse):
    for day in range(7 * 7):
        measure(warehouse, day, rows=100 if day % 7 == 6 else 1000, nulls=0)
    measure(warehouse, 7 * 7, rows=1000, nulls=0)
    assert unusual(warehouse) == []
    measure(warehouse, 7 * 8 - 1, rows=100, nulls=0)
    assert "metric=row_count, column_name=" not in unusual(warehouse), "it is a Sunday"
    measure(warehouse, 7 * 8, rows=100, nulls=0)
    assert "metric=row_count, column_name=" in unusual(warehouse), "it is a Monday"


def test_measuring_a_day_again_does_not_count_it_twice(warehouse):
    for day in [*range(10), 9, 9]:
        measure(warehouse, day, rows=1000 + (day == 9))
    counts = "select count(*), max(value) from ops.table_profile where metric = 'row_count'"
    assert warehouse.execute(counts).fetchall() == [(10, 1001)]


def deliver(warehouse, days, rows=100, name="Opportunity"):
    for day in days:
        warehouse.execute(
            "insert into ops.load_ledger values ('salesforce', ?, ?, 'loaded', ?)",
            [name, MONDAY + dt.timedelta(days=day), rows],
        )


def raw_results(warehouse):
    profile_extracts(warehouse, [CONTRACT])
    return {
        result.check.name: result.sample_keys
        for result in run_checks(warehouse, [raw_history_check(CONTRACT), rhythm_check(CONTRACT)])
    }


def test_a_small_extract_is_unusual(warehouse):
    deliver(warehouse, range(9))
    assert raw_results(warehouse) == {"looks_as_usual": (), "extract_is_in_time": ()}
    deliver(warehouse, [9], rows=30)
    (key,) = raw_results(warehouse)["looks_as_usual"]
    assert key == "metric=extract_row_count, column_name=, value=30.0, usual_value=100.0"


def test_an_extract_that_did_not_come_with_the_others_is_late(warehouse):
    deliver(warehouse, range(6))
    deliver(warehouse, range(8), name="Account")
    assert raw_results(warehouse)["extract_is_in_time"] == ()
    deliver(warehouse, [8], name="Account")
    (key,) = raw_results(warehouse)["extract_is_in_time"]
    assert key == "newest_extract_date=2026-01-10, usual_days=1.0"


def test_a_weekly_extract_is_not_late_within_its_week(warehouse):
    deliver(warehouse, range(0, 35, 7))
    deliver(warehouse, range(36), name="Account")
    assert raw_results(warehouse)["extract_is_in_time"] == ()
    deliver(warehouse, range(36, 40), name="Account")
    assert len(raw_results(warehouse)["extract_is_in_time"]) == 1


def test_late_by_the_clock_is_told_once_when_nothing_comes_any_more(warehouse):
    deliver(warehouse, range(6))
    deliver(warehouse, range(6), name="Account")
    deliver(warehouse, [0, 5], name="Lead")  # too few to know a rhythm
    last = MONDAY + dt.timedelta(days=5)
    assert late_extracts(warehouse, last + dt.timedelta(days=2)) == []
    (late,) = late_extracts(warehouse, last + dt.timedelta(days=3))
    assert (late.name, late.newest_extract_date) == ("every object", last)
    deliver(warehouse, [6, 7, 8], name="Account")
    (late,) = late_extracts(warehouse, last + dt.timedelta(days=3))
    assert (late.name, late.usual_days) == ("salesforce/Opportunity", 1)
