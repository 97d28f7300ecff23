"""The published forecast beside what it is held against."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb
import pytest
from small_company import Quota, Submission, User, World, company, utc, won_deal
from small_marts import build_marts

from orchestration.forecast.run import forecast_bookings

NOW = dt.date(2026, 6, 18)
JUNE, JULY, AUGUST = (dt.date(2026, month, 1) for month in (6, 7, 8))
COLUMNS = (
    "quota_amount, won_amount, commit_amount, best_case_amount, submitted_amount, mean_amount,"
    " gap_amount, needed_pipeline_amount"
)


def planned_world() -> World:
    """Two reps of a lead who book 100 and 60 every month, and lose as much; deals to come in July.

    There is no trend and no season to learn: every month is like the one before.
    """
    users = (User("lead"), User("one", "lead", region="East"), User("two", "lead"))
    deals = {}
    for month in range(36):
        day = dt.date(2023 + (month + 5) // 12, (month + 5) % 12 + 1, 5)
        for rep, amount in (("one", 100.0), ("two", 60.0)):
            won = won_deal(rep, day, amount)
            deals[f"won {rep} {day}"] = won
            deals[f"lost {rep} {day}"] = (won[0], replace(won[1], is_won=False))
    for name, category, amount in (
        ("sure", "Commit", 40.0),
        ("likely", "Most Likely", 7.0),
        ("hoped", "Best Case", 20.0),
        ("vague", "Pipeline", 500.0),
        ("out", "Omitted", 900.0),
    ):
        opened = won_deal("one", dt.date(2026, 7, 20), amount, created=dt.date(2026, 6, 10))[0]
        deals[name] = (replace(opened, category=category),)
    return World(deals, users).with_quotas(
        Quota("one", JUNE, 90.0), Quota("one", JULY, 180.0), Quota("two", JULY, 50.0),
        Quota("lead", JULY, 300.0), Quota("one", AUGUST, 10.0),
    )  # fmt: skip


def summarised(world: World, **choices: object) -> duckdb.DuckDBPyConnection:
    warehouse = build_marts(world, NOW)
    forecast_bookings(warehouse, company(**choices))
    return warehouse


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    submitted = [
        Submission(user, JULY, amount, utc(2026, 6, 15))
        for user, amount in (("one", 120.0), ("lead", 170.0))
    ]
    return summarised(planned_world().with_submissions(*submitted))


def row(
    warehouse: duckdb.DuckDBPyConnection, node: tuple[str, str], start: dt.date, kind: str = "month"
) -> dict[str, float | None]:
    (found,) = warehouse.execute(
        f"select {COLUMNS} from marts.mart_forecast_summary where node_type = ? and node_key = ?"
        " and period_start_date = ? and period_type = ?",
        [*node, start, kind],
    ).fetchall()
    values = [None if value is None else float(value) for value in found]
    return dict(zip(COLUMNS.replace(" ", "").split(","), values, strict=True))


def test_commit_and_best_case_are_what_is_won_and_the_open_deals_of_these_categories(warehouse):
    july = row(warehouse, ("rep", "one"), JULY)
    assert (july["won_amount"], july["commit_amount"], july["best_case_amount"]) == (0, 40, 67)
    june = row(warehouse, ("rep", "one"), JUNE)
    assert (june["won_amount"], june["commit_amount"], june["best_case_amount"]) == (0, 0, 0)
    quarter = row(warehouse, ("company", "company"), dt.date(2026, 4, 1), "quarter")
    assert quarter["won_amount"] == quarter["commit_amount"] == 320  # of April and May
    assert row(warehouse, ("region", "East"), JULY)["commit_amount"] == 40
    assert row(warehouse, ("region", "unassigned"), JULY)["commit_amount"] == 0


def test_quotas_add_up_from_reps_to_teams_and_the_company_with_the_managers_own(warehouse):
    quotas = [
        row(warehouse, node, JULY)["quota_amount"]
        for node in (("rep", "one"), ("team", "lead"), ("region", "East"), ("company", "company"))
    ]
    assert quotas == [180, 530, 180, 530]
    quarter = row(warehouse, ("rep", "one"), JULY, "quarter")
    assert quarter["quota_amount"] == 190
    assert row(warehouse, ("rep", "two"), AUGUST)["quota_amount"] is None


def test_a_managers_quota_replaces_the_sum_below_where_the_company_says_so():
    warehouse = summarised(planned_world(), manager_quota="rollup")
    quotas = [
        row(warehouse, node, JULY)["quota_amount"]
        for node in (("rep", "one"), ("team", "lead"), ("company", "company"))
    ]
    assert quotas == [180, 300, 300]


def test_the_gap_takes_twice_as_much_pipeline_where_half_of_what_closes_is_won(warehouse):
    july = row(warehouse, ("rep", "one"), JULY)
    assert july["gap_amount"] == pytest.approx(180 - july["mean_amount"])
    assert july["needed_pipeline_amount"] == pytest.approx(2 * july["gap_amount"])
    august = row(warehouse, ("rep", "one"), AUGUST)
    assert august["gap_amount"] < 0
    assert august["needed_pipeline_amount"] == 0
    without = row(warehouse, ("rep", "two"), AUGUST)
    assert (without["gap_amount"], without["needed_pipeline_amount"]) == (None, None)


def test_what_was_submitted_stands_beside_for_whole_periods_only(warehouse):
    assert row(warehouse, ("rep", "one"), JULY)["submitted_amount"] == 120
    assert row(warehouse, ("team", "lead"), JULY)["submitted_amount"] == 170
    assert row(warehouse, ("rep", "two"), JULY)["submitted_amount"] is None
    assert row(warehouse, ("rep", "one"), JULY, "quarter")["submitted_amount"] is None


def test_every_published_forecast_is_summarised_with_the_naive_beside_it(warehouse):
    ((rows, published, different),) = warehouse.execute(
        """
        select count(*), (select count(*) from marts.fct_forecast where is_published),
            count_if(s.naive_amount <> n.mean_amount or s.mean_amount <> f.mean_amount
                or s.published_method <> f.method)
        from marts.mart_forecast_summary as s
        inner join marts.fct_forecast as f
            using (forecast_run_id, node_type, node_key, period_type, period_start_date)
        inner join marts.fct_forecast as n
            using (forecast_run_id, node_type, node_key, period_type, period_start_date)
        where f.is_published and n.method = 'seasonal_naive'
        """
    ).fetchall()
    assert rows == published > 0
    assert different == 0


def test_where_nothing_beats_the_naive_the_summary_says_so(warehouse):
    said = "select distinct published_method, is_naive from marts.mart_forecast_summary"
    # Each month is as last year's: the naive is never wrong, and nothing can be better.
    assert warehouse.execute(said).fetchall() == [("seasonal_naive", True)]
    ((status, note),) = warehouse.execute(
        "select status, note from marts.fct_forecast_run"
    ).fetchall()
    assert status == "naive"
    assert "no method beat it" in note


def test_without_a_win_nobody_can_say_how_much_pipeline_a_gap_takes():
    world = planned_world()
    long_ago = {key: deal for key, deal in world.deals.items() if deal[-1].close_date.year < 2025}
    warehouse = summarised(replace(world, deals=long_ago | {"open": world.deals["sure"]}))
    july = row(warehouse, ("rep", "one"), JULY)
    assert july["gap_amount"] > 0
    assert july["needed_pipeline_amount"] is None
