"""The checks of the forecast's tables pass on a sound forecast, and each fails when it breaks."""

import duckdb
import pytest

from orchestration.forecast.tables import ensure_tables
from orchestration.quality.forecast_suites import forecast_checks
from orchestration.quality.validate import run_checks

# One run of two reps; the company is their sum.
ROWS = """
insert into marts.fct_forecast_run by name
select 'r1' as forecast_run_id, date '2026-06-30' as as_of_date, true as is_current,
    'forecast' as status, false as is_reconstructed, 'fine' as note, 24 as history_month_count,
    6 as origin_count, 3 as node_count,
    'code' as code_version, 'data' as input_fingerprint, '{}' as settings,
    timestamp '2026-07-01' as started_at, 1.0 as duration_seconds;

insert into marts.fct_forecast by name
select 'r1' as forecast_run_id, date '2026-06-30' as as_of_date, node_type, node_key,
    'month' as period_type, date '2026-07-01' as period_start_date, 1 as horizon, method,
    method = 'stack' as is_published, amount as mean_amount, amount - 5 as p10_amount,
    amount as p50_amount, amount + 5 as p90_amount,
    case when method = 'stack' then 0 end as won_amount,
    case when method = 'stack' then amount - 1 end as open_amount,
    case when method = 'stack' then 1 end as new_amount, 'made up' as model
from (values ('company', 'company', 30), ('rep', 'a', 10), ('rep', 'b', 20))
    as nodes (node_type, node_key, amount)
cross join (values ('stack'), ('theta')) as methods (method);

insert into marts.mart_forecast_summary by name
select forecast_run_id, as_of_date, node_type, node_key, period_type, period_start_date, horizon,
    100 as quota_amount, won_amount, open_amount, new_amount, mean_amount,
    won_amount + 3 as commit_amount, won_amount + 4 as best_case_amount,
    mean_amount - 1 as naive_amount, 100 - mean_amount as gap_amount,
    2 * (100 - mean_amount) as needed_pipeline_amount, method as published_method,
    false as is_naive
from marts.fct_forecast where is_published;

insert into marts.mart_forecast_accuracy by name
select 'r1' as forecast_run_id, date '2026-06-30' as as_of_date, 'rep' as node_type,
    'month' as period_type, horizon, 'stack' as method, true as is_published,
    12 as origin_count, 240 as forecast_count, 240 as interval_count, 0.5 as wape, 0.9 as mase,
    0.0 as bias, 0.8 as interval_coverage, 0.2 as pinball_loss, 0.1 as skill
from range(3) as horizons (horizon)
"""

BREAKAGES = [
    ("fct_forecast_run", "keys_are_unique",
     "insert into marts.fct_forecast_run from marts.fct_forecast_run"),
    ("fct_forecast_run", "one_run_counts_for_each_date",
     "update marts.fct_forecast_run set is_current = false"),
    ("fct_forecast", "keys_are_unique", "insert into marts.fct_forecast from marts.fct_forecast"),
    ("fct_forecast", "forecasts_add_up",
     "update marts.fct_forecast set mean_amount = mean_amount + 0.01"
     " where method = 'theta' and node_key = 'a'"),
    ("fct_forecast", "one_method_is_published",
     "update marts.fct_forecast set new_amount = 2 where node_key = 'a' and is_published"),
    ("fct_forecast", "one_method_is_published",
     "update marts.fct_forecast set is_published = false where node_key = 'a'"),
    ("fct_forecast", "ranges_are_in_order",
     "update marts.fct_forecast set p90_amount = p50_amount - 1 where node_key = 'a'"),
    ("fct_forecast", "values_are_known",
     "update marts.fct_forecast set node_type = 'galaxy' where node_key = 'a'"),
    ("mart_forecast_summary", "keys_are_unique",
     "insert into marts.mart_forecast_summary from marts.mart_forecast_summary"),
    ("mart_forecast_summary", "every_published_forecast_is_summarised",
     "delete from marts.mart_forecast_summary where node_key = 'a'"),
    ("mart_forecast_summary", "gaps_are_what_is_missing",
     "update marts.mart_forecast_summary set gap_amount = 0 where node_key = 'a'"),
    ("mart_forecast_accuracy", "keys_are_unique",
     "insert into marts.mart_forecast_accuracy from marts.mart_forecast_accuracy"),
    ("mart_forecast_accuracy", "measures_are_possible",
     "update marts.mart_forecast_accuracy set wape = -0.1"),
    ("mart_forecast_accuracy", "measures_are_possible",
     "update marts.mart_forecast_accuracy set auc = 1.2"),
    ("mart_forecast_accuracy", "published_ranges_hold",
     "update marts.mart_forecast_accuracy set interval_coverage = 0.6"),
]  # fmt: skip


@pytest.fixture
def connection():
    with duckdb.connect(":memory:") as connection:
        ensure_tables(connection)
        connection.execute(ROWS)
        yield connection


def failed(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    results = run_checks(connection, forecast_checks())
    return {(r.check.table, r.check.name) for r in results if r.status != "passed"}


def test_all_checks_pass_on_a_sound_forecast(connection):
    assert failed(connection) == set()


def test_all_checks_pass_while_nothing_was_forecast(connection):
    for table in ("fct_forecast_run", "fct_forecast", "mart_forecast_summary",
                  "mart_forecast_accuracy"):  # fmt: skip
        connection.execute(f"delete from marts.{table}")
    assert failed(connection) == set()


@pytest.mark.parametrize(("table", "check", "breakage"), BREAKAGES)
def test_a_broken_promise_fails_its_check(connection, table, check, breakage):
    connection.execute(breakage)
    assert (table, check) in failed(connection)


def test_every_check_has_its_breakage():
    checks = {(check.table, check.name) for check in forecast_checks()}
    assert checks == {(table, check) for table, check, _ in BREAKAGES}


def test_only_ranges_that_do_not_hold_let_a_forecast_be_published():
    warnings = {check.name for check in forecast_checks() if check.severity == "warning"}
    assert warnings == {"published_ranges_hold"}
