"""What a reader of the forecast's tables may rely on."""

from __future__ import annotations

import duckdb
import pandas as pd
from small_company import company, seasonal_world
from small_marts import build_marts

from orchestration.forecast.run import forecast_bookings
from orchestration.forecast.tables import TABLES, ensure_tables


def test_the_run_says_what_it_publishes_and_how_far_it_looked_back(forecast):
    warehouse, result = forecast
    ((run_id, status, method, first, months, origins, is_current),) = warehouse.execute(
        "select forecast_run_id, status, published_method, history_start_date::varchar,"
        " history_month_count, origin_count, is_current from marts.fct_forecast_run"
    ).fetchall()
    assert run_id == result.forecast_run_id
    assert (status, method) == (result.status, result.published_method)
    assert (first, months) == ("2023-07-01", 35)
    assert origins == 11  # those with two years of history, as the models have a season now
    assert is_current


def test_twelve_months_ahead_and_the_fiscal_quarters_they_fill_are_forecast(warehouse):
    rows = warehouse.execute(
        "select period_type, horizon, period_start_date::varchar from marts.fct_forecast"
        " where node_type = 'company' and is_published order by all"
    ).fetchall()
    months = pd.period_range("2026-06", "2027-06", freq="M")
    quarters = ("2026-05-01", "2026-08-01", "2026-11-01", "2027-02-01")
    assert rows == [("month", n, f"{month}-01") for n, month in enumerate(months)] + [
        ("quarter", n, start) for n, start in enumerate(quarters)
    ]


def test_every_node_and_period_has_exactly_one_published_method(warehouse):
    counts = warehouse.execute(
        "select distinct node_type = 'account', count(*), count_if(is_published)"
        " from marts.fct_forecast group by node_type, node_key, period_type, period_start_date"
        " order by all"
    ).fetchall()
    assert counts == [(False, 6, 1), (True, 2, 1)]


def test_keys_of_all_tables_are_unique(warehouse):
    for name, table in TABLES.items():
        ((rows, keys),) = warehouse.execute(
            f"select count(*), count(distinct ({', '.join(table.key)},)) from marts.{name}"
        ).fetchall()
        assert rows == keys > 0, name


def test_a_table_of_an_earlier_version_gets_the_columns_that_it_lacks():
    with duckdb.connect() as old:
        old.execute("create schema marts")
        old.execute("create table marts.mart_forecast_accuracy (forecast_run_id varchar)")
        old.execute("insert into marts.mart_forecast_accuracy values ('kept')")
        ensure_tables(old)
        kept = old.execute("select forecast_run_id, auc from marts.mart_forecast_accuracy")
        assert kept.fetchall() == [("kept", None)]


def test_every_column_says_what_it_means(warehouse):
    silent = warehouse.execute(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'marts' and comment is null and table_name in (select unnest(?))",
        [list(TABLES)],
    ).fetchall()
    assert silent == []


def test_reps_add_up_to_the_company_in_every_method_and_period(warehouse):
    ((worst,),) = warehouse.execute(
        "select max(abs(company - reps)) from ("
        " select sum(mean_amount) filter (node_type = 'company') as company,"
        " sum(mean_amount) filter (node_type = 'rep') as reps"
        " from marts.fct_forecast group by method, period_type, period_start_date)"
    ).fetchall()
    assert worst == 0


def test_what_is_to_come_adds_up_from_the_reps_of_a_team_to_the_team(warehouse):
    ((rows, worst),) = warehouse.execute(
        """
        with members as (
            select user_key, coalesce(manager_key, user_key) as team_key
            from marts.dim_user_history where valid_to is null
            union select user_key, 'head' from marts.dim_user_history
            union select 'lead a', 'lead a'
            union select 'lead b', 'lead b'
        ),
        sums as (
            select team_key, f.period_type, f.period_start_date,
                sum(f.open_amount) as open_amount, sum(f.new_amount) as new_amount
            from marts.fct_forecast as f
            inner join members on f.node_key = members.user_key
            where f.node_type = 'rep' and f.is_published
            group by all
        )
        select count(*), max(
            greatest(abs(f.open_amount - s.open_amount), abs(f.new_amount - s.new_amount))
        )
        from marts.fct_forecast as f
        inner join sums as s
            on f.node_key = s.team_key and f.period_start_date = s.period_start_date
            and f.period_type = s.period_type
        where f.node_type = 'team' and f.is_published
        """
    ).fetchall()
    assert (rows, worst) == (3 * 17, 0)


def test_won_open_and_new_are_the_whole_of_each_published_mean(warehouse):
    ((worst, least),) = warehouse.execute(
        "select max(abs(mean_amount - won_amount - open_amount - new_amount)),"
        " min(least(won_amount, open_amount, new_amount)) from marts.fct_forecast"
        " where is_published"
    ).fetchall()
    assert (worst, least) == (0, 0)


def test_quarters_are_the_sums_of_their_months_and_of_what_is_booked(warehouse):
    ((quarter, booked_in_may, months),) = warehouse.execute(
        """
        select
            (select mean_amount from marts.fct_forecast
             where is_published and node_type = 'company' and period_type = 'quarter'
                and horizon = 0),
            (select sum(amount) from marts.fct_opportunity
             where is_won and close_date between '2026-05-01' and '2026-05-31'),
            (select sum(mean_amount) from marts.fct_forecast
             where is_published and node_type = 'company' and period_type = 'month'
                and horizon <= 1)
        """
    ).fetchall()
    assert booked_in_may > 0
    assert quarter == booked_in_may + months


def test_what_is_won_is_what_the_bookings_say(warehouse):
    rows = warehouse.execute(
        """
        select f.won_amount, coalesce(sum(o.amount), 0)
        from marts.fct_forecast as f
        left join marts.fct_opportunity as o
            on o.owner_at_close_key = f.node_key and o.is_won
            and o.close_date between '2026-06-01' and '2026-06-18'
        where f.is_published and f.node_type = 'rep' and f.period_type = 'month'
            and f.horizon = 0
        group by f.node_key, f.won_amount
        """
    ).fetchall()
    assert len(rows) == 9
    assert all(won == booked for won, booked in rows)
    assert sum(won for won, _ in rows) > 0


def test_quantiles_are_in_order_hold_the_mean_and_start_at_what_is_won(warehouse):
    ((rows, wrong),) = warehouse.execute(
        "select count(p10_amount), count_if(not (p10_amount <= p50_amount"
        " and p50_amount <= p90_amount and mean_amount between p10_amount and p90_amount"
        " and p10_amount >= coalesce(won_amount, 0))) from marts.fct_forecast"
    ).fetchall()
    assert rows > 0
    assert wrong == 0


def test_the_naive_is_last_years_month_for_company_team_and_rep(warehouse):
    rows = warehouse.execute(
        """
        with booked as (
            select date_trunc('month', close_date) + interval 12 month as month,
                owner_at_close_key as owner, amount
            from marts.fct_opportunity where is_won
        ),
        nodes as (
            select 'company' as node_type, 'company' as node_key, * from booked
            union all select 'rep', owner, * from booked
            union all select 'team', u.manager_key, b.* from booked as b
            inner join marts.dim_user_history as u on b.owner = u.user_key
            where u.manager_key like 'lead%'
            union all select 'team', owner, * from booked where owner = 'lead a'
        )
        select f.node_type, f.mean_amount, coalesce(sum(n.amount), 0)
        from marts.fct_forecast as f
        left join nodes as n
            on f.node_type = n.node_type and f.node_key = n.node_key
            and f.period_start_date = n.month
        where f.method = 'seasonal_naive' and f.period_type = 'month'
            and f.horizon between 1 and 11  -- last June is not over
            and f.node_key <> 'head' and f.node_type not in ('region', 'account')
        group by f.node_type, f.node_key, f.period_start_date, f.mean_amount
        """
    ).fetchall()
    assert len(rows) == 11 * (1 + 2 + 9)
    assert all(naive == last_year for _, naive, last_year in rows)


def test_each_row_says_which_model_made_it(warehouse):
    models = dict(
        warehouse.execute(
            "select method, model from marts.fct_forecast where node_key = 'rep 7'"
            " and node_type = 'rep' and period_type = 'month' and horizon = 1"
        ).fetchall()
    )
    assert models["seasonal_naive"] == "SeasonalNaive"
    assert models["theta"].startswith("DynamicOptimizedTheta, with the company's season")
    assert models["ets"].startswith("AutoETS ETS(")
    assert models["median_ensemble"].startswith("Median of (SeasonalNaive), (DynamicOptimizedTheta")


def test_accuracy_is_told_for_every_level_period_and_method(warehouse):
    rows = warehouse.execute(
        "select node_type, period_type, horizon, count(*), count(wape), count_if(is_published)"
        " from marts.mart_forecast_accuracy where period_type <> 'days' group by all order by all"
    ).fetchall()
    # No origin is eleven months old, so that longer forecasts have not been judged.
    periods = [("month", n) for n in range(11)] + [("quarter", n) for n in range(4)]
    levels = ("account", "company", "region", "rep", "team")
    assert [row[:3] for row in rows] == [(level, *period) for level in levels for period in periods]
    counts = {(row[0] == "account", *row[3:]) for row in rows}
    assert counts == {(False, 6, 6, 1), (True, 2, 2, 1)}


def test_the_naive_has_no_skill_against_itself_and_others_as_much_as_they_save(warehouse):
    ((worst,),) = warehouse.execute(
        """
        select max(abs(a.skill - (1 - a.wape / n.wape)))
        from marts.mart_forecast_accuracy as a
        inner join marts.mart_forecast_accuracy as n
            using (node_type, period_type, horizon)
        where n.method = 'seasonal_naive'
        """
    ).fetchall()
    assert worst < 1e-12


def test_running_again_changes_nothing_and_says_so(forecast):
    warehouse, first = forecast
    before = [warehouse.execute(f"select * from marts.{name}").fetchall() for name in TABLES]
    again = forecast_bookings(warehouse, company(fiscal_year_start_month=2))
    after = [warehouse.execute(f"select * from marts.{name}").fetchall() for name in TABLES]
    assert after == before
    assert first.is_new
    assert not again.is_new
    assert again.forecast_run_id == first.forecast_run_id


def test_other_threads_and_another_order_of_rows_give_the_same_run_to_the_cent(forecast):
    warehouse, first = forecast
    other = build_marts(seasonal_world(), first.as_of_date)
    other.execute("set threads = 1")
    for table in (
        "fct_opportunity", "fct_opportunity_history", "dim_user_history", "fct_lead",
        "fct_touchpoint",
    ):  # fmt: skip
        other.execute(
            f"create table shuffled as select * from marts.{table} order by hash({table})"
        )
        other.execute(f"create or replace table marts.{table} as select * from shuffled")
        other.execute("drop table shuffled")
    second = forecast_bookings(other, company(fiscal_year_start_month=2))
    assert second.forecast_run_id == first.forecast_run_id
    for name in TABLES.keys() - {"fct_forecast_run"}:
        query = f"select * from marts.{name} order by all"
        assert other.execute(query).fetchall() == warehouse.execute(query).fetchall()
