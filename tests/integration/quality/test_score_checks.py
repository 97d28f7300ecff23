"""The checks of the scores pass on sound ones, fail when they break, and warn of drift."""

import duckdb
import pytest

from orchestration.forecast.tables import ensure_tables
from orchestration.quality.score_suites import score_checks
from orchestration.quality.validate import run_checks

# Two runs, the second of the date of the marts; two open deals and a lead are scored in each.
ROWS = """
create schema intermediate;
create table intermediate.int_as_of_date as select date '2026-06-30' as as_of_date;

create table marts.fct_opportunity as
select *
from (values ('d1', false), ('d2', false), ('d3', true)) as deals (opportunity_key, is_closed);

create table marts.fct_lead as
select 'l1' as lead_key, false as is_converted, cast(null as date) as opportunity_date;

create or replace table marts.fct_forecast_run as
select forecast_run_id, as_of_date, true as is_current
from (values ('r1', date '2026-06-29'), ('r2', date '2026-06-30'))
    as runs (forecast_run_id, as_of_date);

insert into marts.fct_opportunity_score by name
select forecast_run_id, as_of_date, opportunity_key, 0.4 as win_chance,
    as_of_date + 20 as expected_close_date, 'raised: stage is Proposal' as reason_1,
    0.2 as reason_1_effect, 'lowered: open for 90 days' as reason_2, -0.1 as reason_2_effect,
    'model' as method, true as is_calibrated, 300 as calibration_count
from marts.fct_forecast_run cross join (values ('d1'), ('d2')) as deals (opportunity_key);

insert into marts.fct_lead_score by name
select forecast_run_id, as_of_date, 'l1' as lead_key, 0.1 as conversion_chance, 'rule' as method,
    false as is_calibrated, 0 as calibration_count
from marts.fct_forecast_run;

insert into marts.mart_score_drift by name
select forecast_run_id, as_of_date, 'opportunity' as score, measure, 'all' as watched, value,
    warning_limit, false as is_drifted, 100 as case_count, 'as usual' as note
from marts.fct_forecast_run
cross join (values ('population_stability_index', 0.1, 0.25), ('calibration_deviations', -1.0, 3.0))
    as measures (measure, value, warning_limit)
"""

DRIFTS = "update marts.mart_score_drift set value = -4, is_drifted = true where measure = "
BREAKAGES = [
    ("fct_opportunity_score", "keys_are_unique",
     "insert into marts.fct_opportunity_score from marts.fct_opportunity_score"),
    ("fct_opportunity_score", "scores_are_possible",
     "update marts.fct_opportunity_score set win_chance = 1.01 where opportunity_key = 'd1'"),
    ("fct_opportunity_score", "scores_are_possible",
     "update marts.fct_opportunity_score set reason_2_effect = -0.3 where opportunity_key = 'd1'"),
    ("fct_opportunity_score", "scores_are_possible",
     "update marts.fct_opportunity_score set method = 'rule' where opportunity_key = 'd1'"),
    ("fct_opportunity_score", "orders_are_expected_later",
     "update marts.fct_opportunity_score set expected_close_date = as_of_date"),
    ("fct_opportunity_score", "every_open_opportunity_is_scored",
     "update marts.fct_opportunity set is_closed = false"),
    ("fct_lead_score", "keys_are_unique",
     "insert into marts.fct_lead_score from marts.fct_lead_score"),
    ("fct_lead_score", "scores_are_possible",
     "update marts.fct_lead_score set calibration_count = 5"),
    ("fct_lead_score", "nobody_scored_has_converted",
     "update marts.fct_lead set opportunity_date = date '2026-06-30'"),
    ("mart_score_drift", "keys_are_unique",
     "insert into marts.mart_score_drift from marts.mart_score_drift"),
    ("mart_score_drift", "values_are_known",
     "update marts.mart_score_drift set score = 'horoscope'"),
    ("mart_score_drift", "values_are_known", "update marts.mart_score_drift set is_drifted = true"),
    ("mart_score_drift", "scored_are_like_those_of_the_past_year",
     DRIFTS + "'population_stability_index' and forecast_run_id = 'r2'"),
    ("mart_score_drift", "as_many_come_as_were_expected",
     DRIFTS + "'calibration_deviations' and forecast_run_id = 'r2'"),
]  # fmt: skip


@pytest.fixture
def connection():
    with duckdb.connect(":memory:") as connection:
        ensure_tables(connection)
        connection.execute(ROWS)
        yield connection


def failed(connection: duckdb.DuckDBPyConnection, table: str = "") -> set[tuple[str, str]]:
    checks = [check for check in score_checks() if check.table.startswith(table)]
    results = run_checks(connection, checks)
    return {(r.check.table, r.check.name) for r in results if r.status != "passed"}


def test_all_checks_pass_on_sound_scores(connection):
    assert failed(connection) == set()


def test_all_checks_pass_while_nothing_was_scored(connection):
    for table in ("fct_forecast_run", "fct_opportunity_score", "fct_lead_score"):
        connection.execute(f"delete from marts.{table}")
    assert failed(connection) == set()


@pytest.mark.parametrize(("table", "check", "breakage"), BREAKAGES)
def test_a_broken_promise_fails_its_check(connection, table, check, breakage):
    connection.execute(breakage)
    assert (table, check) in failed(connection, table)


def test_a_drift_of_an_earlier_run_is_over(connection):
    connection.execute(DRIFTS + "'calibration_deviations' and forecast_run_id = 'r1'")
    assert failed(connection, "mart_score_drift") == set()


def test_a_backfill_is_held_against_the_marts_of_its_own_date(connection):
    connection.execute("update intermediate.int_as_of_date set as_of_date = date '2026-06-29'")
    connection.execute("delete from marts.fct_opportunity_score where forecast_run_id = 'r2'")
    assert failed(connection, "fct_opportunity_score") == set()
    connection.execute("delete from marts.fct_opportunity_score where opportunity_key = 'd1'")
    found = {("fct_opportunity_score", "every_open_opportunity_is_scored")}
    assert failed(connection, "fct_opportunity_score") == found


def test_every_check_has_its_breakage():
    checks = {(check.table, check.name) for check in score_checks()}
    assert checks == {(table, check) for table, check, _ in BREAKAGES}


def test_drift_warns_and_blocks_nothing():
    warnings = {check.name for check in score_checks() if check.severity == "warning"}
    assert warnings == {
        "every_open_opportunity_is_scored",
        "scored_are_like_those_of_the_past_year",
        "as_many_come_as_were_expected",
    }
