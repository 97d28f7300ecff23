"""Little or no data: a plain statement, never a crash and never an invented number."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from small_company import World, company, seasonal_world, won_deal
from small_marts import build_marts, day_end

from orchestration.forecast.run import ForecastResult, forecast_bookings

NOW = dt.date(2026, 6, 18)


def forecast(
    world: World, as_of: dt.date | None = NOW
) -> tuple[duckdb.DuckDBPyConnection, ForecastResult]:
    warehouse = build_marts(world, as_of)
    return warehouse, forecast_bookings(warehouse, company())


def published(warehouse: duckdb.DuckDBPyConnection, node_type: str = "company") -> list[Decimal]:
    rows = warehouse.execute(
        "select mean_amount from marts.fct_forecast where is_published and node_type = ?"
        " and period_type = 'month' order by node_key, period_start_date",
        [node_type],
    ).fetchall()
    return [amount for (amount,) in rows]


def test_nothing_loaded_leaves_the_tables_empty_and_says_so():
    warehouse, result = forecast(World(), None)
    assert (result.status, result.forecast_run_id) == ("no_data", None)
    assert warehouse.execute("select count(*) from marts.fct_forecast_run").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(users=seasonal_world(1).users),
        World({"open": won_deal("rep", dt.date(2026, 5, 5), 9.0)[:1]}),
    ],
    ids=["empty tables", "users only", "no won deal"],
)
def test_without_a_won_deal_the_run_says_that_there_is_no_forecast(world):
    warehouse, result = forecast(world)
    assert result.status == "no_history"
    assert "there are 0" in result.note
    assert published(warehouse) == []


def test_two_complete_months_are_too_few_for_a_number():
    warehouse, result = forecast(seasonal_world(3))
    assert result.status == "no_history"
    assert "there are 2" in result.note
    assert published(warehouse) == []


def test_within_the_first_year_the_average_is_published_without_an_interval():
    deals = {
        f"{month}": won_deal("rep", dt.date(2026, month, 5), 100.0 * month) for month in range(1, 6)
    }
    warehouse, result = forecast(World(deals))
    assert result.status == "naive"
    assert "the naive is the average" in result.note
    assert published(warehouse)[1:] == [Decimal(300)] * 12
    made = "select distinct model, p10_amount, p50_amount, p90_amount from marts.fct_forecast"
    assert warehouse.execute(made + " where node_type = 'rep' order by all").fetchall() == [
        ("Average", None, None, None),
        ("Too few closed deals: Average", None, None, None),
        ("Weighed: seasonal_naive, theta, ets, median_ensemble, pipeline", None, None, None),
    ]


@pytest.mark.parametrize(("months", "origins"), [(20, 7), (29, 16), (31, 6), (36, 11)])
def test_methods_are_judged_with_a_season_as_soon_as_six_origins_could_see_one(months, origins):
    world = seasonal_world(months, reps=2, last=dt.date(2026, 6, 30))
    warehouse, _ = forecast(world.without_losses())
    ((found,),) = warehouse.execute("select origin_count from marts.fct_forecast_run").fetchall()
    assert found == origins


def test_two_past_origins_are_too_few_to_beat_the_naive():
    _, result = forecast(seasonal_world(15, reps=2))
    assert result.status == "naive"
    assert "2 past origins are too few to test a method" in result.note


def test_a_single_rep_is_the_company():
    world = seasonal_world(reps=1).without_losses()
    world = World({k: v for k, v in world.deals.items() if v[0].owner == "rep 0"})
    warehouse, _ = forecast(world)
    assert published(warehouse, "rep") == published(warehouse) != []


def test_deals_in_a_currency_without_a_rate_count_for_nothing_and_are_told():
    world = seasonal_world(20, reps=2).without_losses()
    foreign = {
        key: tuple(dataclasses.replace(version, currency="CHF") for version in deal)
        for key, deal in world.deals.items()
    }
    warehouse, result = forecast(World(foreign, world.users))
    assert published(warehouse) == [Decimal(0)] * 13
    assert "Deals in CHF count for nothing, as no exchange rate is known" in result.note
    _, usual = forecast(world)
    assert "no exchange rate" not in usual.note


def test_one_currency_without_a_rate_leaves_the_deals_in_others_as_they_are():
    world = seasonal_world(20, reps=2).without_losses()
    mixed = {
        key: tuple(
            dataclasses.replace(version, currency="CHF" if version.owner == "rep 1" else "USD")
            for version in deal
        )
        for key, deal in world.deals.items()
    }
    others = {key: deal for key, deal in world.deals.items() if deal[0].owner != "rep 1"}
    warehouse, result = forecast(World(mixed, world.users))
    alone, _ = forecast(World(others, world.users))
    assert "Deals in CHF count for nothing, as no exchange rate is known" in result.note
    expected = [float(amount) for amount in published(alone)]
    assert [float(amount) for amount in published(warehouse)] == pytest.approx(expected, rel=0.05)
    assert min(expected) > 0
    rows = warehouse.execute(
        "select sum(won_amount), sum(mean_amount) from marts.mart_forecast_summary"
        " where node_type = 'rep' and node_key = 'rep 1'"
    ).fetchall()
    assert rows == [(0, 0)]


def test_without_open_deals_nothing_is_expected_of_them():
    world = seasonal_world(30, reps=2)
    closed = {
        key: deal
        for key, deal in world.deals.items()
        if deal[-1].is_closed and deal[-1].valid_from < day_end(NOW)
    }
    warehouse, _ = forecast(World(closed, world.users))
    rows = warehouse.execute(
        "select max(open_amount), max(new_amount) from marts.fct_forecast where is_published"
    ).fetchall()
    assert rows[0][0] == 0
    assert rows[0][1] > 0
    scores = "select count(*) from marts.fct_opportunity_score"
    assert warehouse.execute(scores).fetchall() == [(0,)]


@pytest.mark.parametrize("amount", [None, 0.0])
def test_deals_that_bring_nothing_are_forecast_to_bring_nothing(amount):
    deals = {f"{n}": won_deal("rep", dt.date(2024 + n // 12, n % 12 + 1, 5), amount)
             for n in range(29)}  # fmt: skip
    warehouse, result = forecast(World(deals))
    assert (result.status, result.published_method) == ("naive", "seasonal_naive")
    assert "Nothing was booked in the last 12 months" in result.note
    assert published(warehouse) == [Decimal(0)] * 13
    ((most,),) = warehouse.execute(
        "select max(greatest(mean_amount, p90_amount)) from marts.fct_forecast"
    ).fetchall()
    assert not most


def test_bookings_that_ended_more_than_a_year_ago_promise_nothing():
    world = seasonal_world(24, reps=2, last=dt.date(2025, 3, 31))
    warehouse, _ = forecast(world.without_losses())
    assert published(warehouse) == [Decimal(0)] * 13


def test_negative_bookings_are_cut_at_zero_in_every_forecast():
    deals = {f"{n}": won_deal("rep", dt.date(2024 + n // 12, n % 12 + 1, 20), -100.0)
             for n in range(29)}  # fmt: skip
    warehouse, _ = forecast(World(deals))
    assert published(warehouse) == [Decimal(0)] * 13
    ((least,),) = warehouse.execute(
        "select min(mean_amount) from marts.fct_forecast where period_type = 'month'"
    ).fetchall()
    assert least == 0


def test_on_the_last_day_of_a_month_the_month_is_known_and_forecast_from():
    days = [dt.date(2024 + n // 12, n % 12 + 1, 28) for n in range(30)]
    deals = {f"{n}": won_deal("rep", day, 100.0) for n, day in enumerate(days)}
    warehouse, _ = forecast(World(deals), dt.date(2026, 6, 30))
    rows = warehouse.execute(
        "select mean_amount, won_amount, new_amount + open_amount from marts.fct_forecast"
        " where is_published and node_type = 'company' and period_type = 'month' and horizon < 2"
        " order by horizon"
    ).fetchall()
    assert rows == [(100, 100, 0), (100, 0, 100)]
    ((months,),) = warehouse.execute(
        "select history_month_count from marts.fct_forecast_run"
    ).fetchall()
    assert months == 30


def test_a_newer_state_of_the_same_day_becomes_the_current_run_and_the_old_one_is_kept():
    warehouse, first = forecast(seasonal_world(6))
    warehouse.execute("update marts.fct_opportunity set amount = amount * 2 where is_won")
    second = forecast_bookings(warehouse, company())
    runs = "select forecast_run_id, is_current from marts.fct_forecast_run"
    assert dict(warehouse.execute(runs).fetchall()) == {
        first.forecast_run_id: False,
        second.forecast_run_id: True,
    }
    warehouse.execute("update marts.fct_opportunity set amount = amount / 2 where is_won")
    assert not forecast_bookings(warehouse, company()).is_new
    assert dict(warehouse.execute(runs).fetchall()) == {
        first.forecast_run_id: True,
        second.forecast_run_id: False,
    }
