"""The checks of the marts pass on sound marts, and each fails when its promise breaks."""

import account_marts
import duckdb
import pipeline_marts
import pytest

from orchestration.quality.history import LOOKS_AS_USUAL, profile_marts
from orchestration.quality.marketing_suites import marketing_marts
from orchestration.quality.mart_suites import mart_checks
from orchestration.quality.validate import run_checks

# Two reps and their manager; one deal won in May, one open, one deleted in June.
MARTS = """
create schema marts; create schema intermediate; create schema ops;
create schema raw_salesforce; create schema raw_hubspot;

create table intermediate.int_as_of_date as select date '2026-06-30' as as_of_date;
create table ops.deleted_record (source varchar, object varchar, record_key varchar);
create table raw_salesforce.user as select unnest(['m', 'a', 'b']) as id;
create table raw_hubspot.owners (id varchar);
create table raw_salesforce.forecasting_quota as select 'q' as id;
create table raw_salesforce.opportunity as
    select * from (values
        ('1', false, date '2026-05-31'), ('2', false, date '2026-05-31'),
        ('3', false, date '2026-05-31'), ('3', true, date '2026-06-30'),
        ('4', false, date '2026-07-31')  -- extracted after the business date
    ) as versions (id, is_deleted, _first_extract_date);
create table raw_hubspot.deals as
    select * from (values
        ('7', true, null, date '2026-05-31'),  -- in the recycle bin
        ('8', false, null, date '2026-05-31'),  -- merged into the next
        ('9', false, '8; 10', date '2026-07-31')
    ) as versions (id, archived, hs_merged_object_ids, _first_extract_date);

create table marts.dim_date as
    select cast(day as date) as calendar_date
    from range(timestamp '2026-01-01', timestamp '2027-01-01', interval 1 day) as days (day);
create table marts.dim_stage as
    select * from (values
        ('s:1', 'Proposal', 'Pipeline', 0.20, false, false),
        ('s:2', 'Closed Won', 'Closed', 1.0, true, true)
    ) as stages (stage_key, stage_name, forecast_category, default_probability, is_closed, is_won);
create table marts.dim_user as
    select * from (values ('m', null), ('a', 'm'), ('b', 'm')) as users (user_key, manager_key);
create table marts.dim_user_history as
    select * from (values
        ('a', timestamp '1900-01-01', timestamp '2026-02-01'), ('a', timestamp '2026-02-01', null)
    ) as versions (user_key, valid_from, valid_to);
create table marts.dim_account as
    select * from (values ('x', 'x', false), ('y', 'x', true))
        as accounts (account_key, survivor_account_key, is_merged);

create table marts.fct_opportunity as
    select * from (values
        (
            'salesforce:1', 's:2', 'Closed', cast(1 as decimal(7, 4)), 100.00, 90.00, 'a',
            'a', true, true, false, date '2026-05-20', timestamp '2026-04-01',
            timestamp '2026-05-20'
        ),
        (
            'salesforce:2', 's:1', 'Pipeline', 0.2, 50.00, 50.00, 'b', null, false, false,
            false, date '2026-07-20', timestamp '2026-04-01', null
        )
    ) as deals (
        opportunity_key, stage_key, forecast_category, probability, amount, amount_original,
        owner_key, owner_at_close_key, is_closed, is_won, is_past_due, close_date, created_at,
        closed_at
    );
create table marts.fct_opportunity_history as
    select * from (values
        (
            'salesforce:1', timestamp '2026-04-01', timestamp '2026-05-20', 's:1', 'Pipeline',
            0.2, 90.00, date '2026-05-31', 'a', 'assumed'
        ),
        (
            'salesforce:1', timestamp '2026-05-20', null, 's:2', 'Closed', 1.0, 90.00,
            date '2026-05-20', 'a', 'tracked'
        ),
        (
            'salesforce:2', timestamp '2026-04-01', null, 's:1', 'Pipeline', 0.2, 50.00,
            date '2026-07-20', 'b', 'observed'
        ),
        (
            'salesforce:3', timestamp '2026-04-01', timestamp '2026-06-10', 's:1', 'Pipeline',
            0.2, 10.00, date '2026-07-20', 'b', 'tracked'
        )
    ) as versions (
        opportunity_key, valid_from, valid_to, stage_key, forecast_category, probability,
        amount_original, close_date, owner_key, history_source
    );
create table marts.fct_opportunity_deletion as
    select * from (values
        ('salesforce:3', timestamp '2026-06-10', timestamp '2026-06-20'),
        ('salesforce:3', timestamp '2026-06-20', null)
    ) as versions (opportunity_key, valid_from, valid_to);
create table marts.fct_exchange_rate as
    select * from (values
        ('EUR', 0.90, 1.0, date '0001-01-01', date '2026-06-01'),
        ('EUR', 0.88, 1.0, date '2026-06-01', null)
    ) as rates (currency_code, rate, reporting_rate, valid_from_date, valid_to_date);
create table marts.fct_activity as
    select * from (values ('t1', 'call', true, date '2026-06-01'), ('t2', 'email', false, null))
        as activities (activity_key, activity_type, is_done, done_date);
create table marts.fct_quota as
    select * from (values
        ('q:1', 'q', date '2026-05-01', 80.00, timestamp '2026-01-01', timestamp '2026-03-01'),
        ('q:2', 'q', date '2026-05-01', 90.00, timestamp '2026-03-01', null)
    ) as quotas (quota_version_key, quota_key, month_start_date, amount, valid_from, valid_to);
create table marts.fct_forecast_submission as
    select * from (values
        ('i:1', 'i', date '2026-05-01', timestamp '2026-05-02', timestamp '2026-05-20'),
        ('i:2', 'i', date '2026-05-01', timestamp '2026-05-20', null)
    ) as submissions (
        submission_key, forecasting_item_key, month_start_date, valid_from, valid_to
    );

create table marts.mart_pipeline_daily as
    select
        snapshot_date, 'b' as owner_key, 's:1' as stage_key,
        'Pipeline' as forecast_category, date '2026-07-01' as close_fiscal_quarter_start_date,
        1 as open_count, 50.00 as open_amount
    from (values (date '2026-06-29'), (date '2026-06-30')) as days (snapshot_date);
create table marts.mart_rep_performance as
    select
        user_key, period_type, period_start_date,
        case period_type
            when 'month' then last_day(period_start_date) else date '2026-06-30'
        end as period_end_date,
        bookings_amount, bookings_rank, cast(win_rate as double) as win_rate, 0.0 as slip_rate,
        won_count, 0 as lost_count,
        1 as pipeline_generated_count, 0 as slipped_count
    from (values
        ('a', 'month', date '2026-04-01', 0.00, 1, null, 0),
        ('b', 'month', date '2026-04-01', 0.00, 1, null, 0),
        ('a', 'month', date '2026-05-01', 100.00, 1, 1.0, 1),
        ('b', 'month', date '2026-05-01', 0.00, 2, null, 0),
        ('a', 'quarter', date '2026-04-01', 100.00, 1, 1.0, 1),
        ('b', 'quarter', date '2026-04-01', 0.00, 2, null, 0)
    ) as figures (
        user_key, period_type, period_start_date, bookings_amount, bookings_rank, win_rate,
        won_count
    );
create table marts.mart_team_performance as
    select * exclude (bookings_rank) from marts.mart_rep_performance;
"""
WON, OPEN = "opportunity_key = 'salesforce:1'", "opportunity_key = 'salesforce:2'"
BREAKAGES = {
    "dim_date": {
        "keys_are_unique": "insert into {t} values ('2026-05-05')",
        "no_day_is_missing": "delete from {t} where calendar_date = '2026-05-05'",
    },
    "dim_stage": {
        "keys_are_unique": "update {t} set stage_key = 's:1'",
        "values_are_known": "update {t} set is_closed = false",
    },
    "dim_user": {
        "keys_are_unique": "update {t} set user_key = null where user_key = 'b'",
        "rows_are_there": "delete from {t}",
        "managers_are_users": "delete from {t} where user_key = 'm'",
    },
    "dim_user_history": {
        "keys_are_unique": "insert into {t} from {t} where valid_to is null",
        "versions_follow_without_gaps": (
            "update {t} set valid_to = '2026-01-31' where valid_to is not null"
        ),
    },
    "dim_account": {
        "keys_are_unique": "update {t} set account_key = 'x'",
        "survivors_are_accounts": "update {t} set survivor_account_key = 'y'",
    },
    "fct_opportunity": {
        "keys_are_unique": "insert into {t} from {t} where " + OPEN,
        "rows_are_there": "delete from {t} where " + OPEN,
        "values_are_known": "update {t} set probability = 20 where " + OPEN,
        "amounts_are_converted": "update {t} set amount = null where " + OPEN,
        "stages_are_the_crms": "update {t} set stage_key = 'Lunch' where " + OPEN,
        "open_opportunities_have_owners": "update {t} set owner_key = 'nobody' where " + OPEN,
        "open_opportunities_are_not_past_due": "update {t} set is_past_due = true where " + OPEN,
    },
    "fct_opportunity_history": {
        "keys_are_unique": "insert into {t} from {t} where " + OPEN,
        "rows_are_there": "delete from {t}",
        "versions_follow_without_gaps": (
            "update {t} set valid_to = '2026-06-01' where history_source = 'assumed'"
        ),
        "values_are_known": "update {t} set history_source = 'guessed' where " + OPEN,
        "history_ends_in_the_present": "update {t} set owner_key = 'a' where " + OPEN,
    },
    "fct_opportunity_deletion": {
        "keys_are_unique": "insert into {t} from {t}",
        "deletions_end_what_was_there": "update {t} set opportunity_key = 'salesforce:2'",
    },
    "fct_exchange_rate": {
        "keys_are_unique": "update {t} set valid_from_date = '2026-01-01'",
        "rates_follow_without_gaps": (
            "update {t} set valid_to_date = '2026-05-31' where rate = 0.90"
        ),
    },
    "fct_activity": {
        "keys_are_unique": "update {t} set activity_key = 't1'",
        "values_are_known": "update {t} set done_date = null",
    },
    "fct_quota": {
        "keys_are_unique": "update {t} set quota_version_key = 'q:1'",
        "rows_are_there": "delete from {t}",
        "versions_follow_without_gaps": "update {t} set valid_from = '2026-02-01'"
        " where quota_version_key = 'q:2'",
        "quotas_are_of_whole_months": "update {t} set month_start_date = '2026-05-02'",
    },
    "fct_forecast_submission": {
        "keys_are_unique": "update {t} set submission_key = 'i:1'",
        "versions_follow_without_gaps": "update {t} set valid_from = '2026-05-10'"
        " where submission_key = 'i:2'",
        "submissions_are_of_a_month": "update {t} set month_start_date = null",
    },
    "mart_pipeline_daily": {
        "keys_are_unique": "insert into {t} from {t} where snapshot_date = '2026-06-29'",
        "values_are_known": "update {t} set forecast_category = 'Omitted'",
        "last_day_agrees_with_the_opportunities": (
            "update {t} set open_amount = 50.01 where snapshot_date = '2026-06-30'"
        ),
    },
    "mart_rep_performance": {
        "keys_are_unique": "insert into {t} from {t} where user_key = 'b'",
        "values_are_known": "update {t} set win_rate = 100.0 where win_rate = 1",
        "ranks_begin_with_one": "update {t} set bookings_rank = bookings_rank + 1",
        "bookings_agree_with_the_opportunities": (
            "update {t} set bookings_amount = 99.99 where bookings_amount = 100"
        ),
    },
    "mart_team_performance": {
        "keys_are_unique": "insert into {t} from {t} where user_key = 'b'",
        "values_are_known": "update {t} set win_rate = 1.01 where win_rate = 1",
        "quarters_are_their_months": (
            "update {t} set bookings_amount = 100.01 where period_type = 'quarter'"
        ),
    },
    **pipeline_marts.BREAKAGES,
    **account_marts.BREAKAGES,
}
CASES = [
    (table, check, sql) for table, checks in BREAKAGES.items() for check, sql in checks.items()
]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute(MARTS + pipeline_marts.TABLES + account_marts.TABLES)
        profile_marts(connection, [], None)  # nothing has a past
        yield connection


def results_of(connection, table=None):
    tables = BREAKAGES if table is None else [table]
    checks = [check for check in mart_checks() if check.table in tables]
    return {(r.check.table, r.check.name): r for r in run_checks(connection, checks)}


def test_all_checks_pass_on_sound_marts(connection):
    problems = [r for r in results_of(connection).values() if r.status != "passed"]
    assert [(r.check.table, r.check.name, r.status, r.details) for r in problems] == []


@pytest.mark.parametrize(("table", "check", "breakage"), CASES, ids=lambda value: value[:40])
def test_a_broken_promise_fails_its_check(connection, table, check, breakage):
    connection.execute(breakage.format(t=f"marts.{table}"))
    result = results_of(connection, table)[table, check]
    assert result.status == "failed", result.details
    assert result.failed_count > 0
    assert result.sample_keys


def test_a_restored_opportunity_has_no_gap_in_its_history(connection):
    connection.execute(
        "update marts.fct_opportunity_deletion set valid_to = '2026-06-25' where valid_to is null;"
        "insert into marts.fct_opportunity_history from marts.fct_opportunity_history"
        " select * replace (timestamp '2026-06-25' as valid_from, null as valid_to)"
        " where opportunity_key = 'salesforce:3'"
    )
    key = ("fct_opportunity_history", "versions_follow_without_gaps")
    assert results_of(connection, key[0])[key].status == "passed"
    connection.execute("delete from marts.fct_opportunity_deletion")
    assert results_of(connection, key[0])[key].status == "failed"


def test_a_deal_of_hubspot_that_is_not_in_the_mart_is_lost(connection):
    connection.execute("insert into raw_hubspot.deals values ('6', false, null, '2026-05-31')")
    result = results_of(connection, "fct_opportunity")["fct_opportunity", "rows_are_there"]
    assert (result.status, result.failed_count) == ("failed", 1)


def test_bookings_of_an_owner_whom_no_extract_lists_agree(connection):
    connection.execute(
        f"update marts.fct_opportunity set owner_at_close_key = 'unlisted' where {WON};"
        "update marts.mart_rep_performance set user_key = 'unlisted' where user_key = 'a'"
    )
    key = ("mart_rep_performance", "bookings_agree_with_the_opportunities")
    assert results_of(connection, key[0])[key].status == "passed"


def test_every_check_has_its_breakage():
    marketing = {mart.table for mart in marketing_marts()}  # broken in test_marketing_marts
    checks = [check for check in mart_checks() if check.table not in marketing]
    # What is unlike its past is told in test_history.
    assert {(check.table, check.name) for check in checks if check.name != LOOKS_AS_USUAL} == {
        (table, check) for table, check, _ in CASES
    }


def test_marts_of_a_company_without_extracts_are_sound(connection):
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name in ('marts', 'raw_salesforce', 'raw_hubspot')"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"delete from {table}")
    connection.execute("update intermediate.int_as_of_date set as_of_date = null")
    problems = [r for r in results_of(connection).values() if r.status != "passed"]
    assert [(r.check.table, r.check.name, r.details) for r in problems] == []


def test_a_failing_row_is_named_by_its_key(connection):
    connection.execute(f"update marts.fct_opportunity set probability = 20 where {OPEN}")
    result = results_of(connection, "fct_opportunity")["fct_opportunity", "values_are_known"]
    assert result.sample_keys == ("opportunity_key=salesforce:2",)
    assert result.details == "not so: probability is from 0 to 1 (1 row)"
    assert connection.execute(result.sql).fetchall() == [("salesforce:2",)]
