"""The checks of the marketing marts pass on sound marts, and each fails when its promise breaks."""

import duckdb
import pytest

from orchestration.quality.marketing_suites import MODELS, marketing_marts
from orchestration.quality.validate import run_checks

# One campaign, advertised on Google; one lead who came by it and bought, one who waits.
AMOUNTS = ", ".join(f"100.00 as attributed_won_amount_{model}" for model in MODELS)
MARTS = f"""
create schema marts; create schema intermediate;
create schema raw_google_ads; create schema raw_linkedin_ads; create schema raw_meta_ads;

create table intermediate.int_as_of_date as select date '2026-06-30' as as_of_date;
create table raw_google_ads.campaign_daily as
    select date '2026-05-01' as date, date '2026-05-02' as _first_extract_date;
create table raw_linkedin_ads.campaign_daily as
    select date '2026-05-01' as day, date '2026-05-02' as _first_extract_date;
create table raw_meta_ads.campaign_daily as  -- what it reports lies ahead
    select date '2026-07-01' as date, date '2026-07-02' as _first_extract_date;

create table marts.fct_opportunity as
    select
        'o' as opportunity_key, 100.00 as amount, true as is_won, date '2026-05-20' as close_date;
create table marts.dim_contact as
    select * from (values ('c1', 'c1'), ('c2', 'c1'))
        as contacts (contact_key, survivor_contact_key);
create table marts.dim_campaign as
    select * from (values
        ('s:1', 'salesforce', 's:1', null), ('g:1', 'google_ads', 's:1', 'same_name'),
        ('l:1', 'linkedin_ads', 'l:1', null)
    ) as campaigns (campaign_key, source_system, reporting_campaign_key, match_rule);
create table marts.fct_lead as
    select * from (values
        (
            'l1', 'lead', 90.0, 60.0, timestamp '2026-05-02', timestamp '2026-05-03',
            timestamp '2026-05-03', true
        ),
        ('l2', 'lead', null, null, null, null, null, true),
        ('c1', 'contact', null, null, null, null, null, false)
    ) as leads (
        lead_key, record_type, response_minutes, response_business_minutes, mql_at, sql_at,
        opportunity_at, is_lead
    );
create table marts.fct_ad_performance_daily as
    select * from (values
        ('g:1:1', 'google_ads', 10, 1, 2.50, 2.5), ('l:1:1', 'linkedin_ads', 10, 1, 7.50, 7.5)
    ) as days (
        ad_performance_key, platform, impression_count, click_count, spend_amount,
        spend_amount_original
    );
create table marts.fct_touchpoint as
    select * from (values
        ('t1', 'campaign_response', 'Paid Search', 'l1', null, 's:1'),
        ('t2', 'campaign_source', 'Paid Search', null, 'o', 'g:1')
    ) as touches (touchpoint_key, touch_type, channel, lead_key, opportunity_key, campaign_key);
create table marts.fct_attribution as
    select
        'o|' || touch || '|' || model as attribution_key, 'o' as opportunity_key,
        model as attribution_model, 0.5 as weight, 50.00 as attributed_amount
    from (select unnest(['t1', 't2']) as touch)
    cross join (select unnest(['first', 'last']) as model);
create table marts.mart_channel_performance as
    select
        date '2026-05-01' as month_start_date, 'Paid Search' as channel, 20 as impression_count,
        2 as click_count, 2 as lead_count, 1 as mql_count, 1 as sql_count, 1 as opportunity_count,
        1 as won_count, 1 as new_customer_count, 10.00 as spend_amount, 100.00 as won_amount,
        {AMOUNTS};
create table marts.mart_campaign_performance as
    select 's:1' as campaign_key, * exclude (channel) from marts.mart_channel_performance;
create table marts.mart_lead_funnel as
    select
        date '2026-05-01' as cohort_month_start_date, 'Web' as lead_source, 2 as lead_count,
        0.5 as response_rate, 0.5 as lead_to_mql_rate, 1.0 as mql_to_sql_rate,
        1.0 as sql_to_opportunity_rate, 1.0 as opportunity_to_won_rate, 0.5 as lead_to_won_rate;
create table marts.mart_lead_response as
    select
        date '2026-05-01' as month_start_date, 'u' as owner_key, 2 as lead_count,
        90.0 as median_response_minutes, 60.0 as median_response_business_minutes,
        0.5 as within_target_share;
"""
PERFORMANCE = {
    "keys_are_unique": "insert into {t} from {t}",
    "values_are_known": "update {t} set mql_count = -1",
    "spend_agrees_with_the_platforms": "update {t} set spend_amount = 10.01",
    "won_amounts_agree_with_the_opportunities": (
        "update {t} set attributed_won_amount_markov = 99.99"
    ),
}
BREAKAGES = {
    "dim_contact": {
        "keys_are_unique": "update {t} set contact_key = 'c1'",
        "survivors_are_contacts": "update {t} set survivor_contact_key = 'gone'",
    },
    "dim_campaign": {
        "keys_are_unique": "update {t} set campaign_key = 's:1'",
        "values_are_known": "update {t} set match_rule = 'guessed'",
        "figures_are_told_under_a_campaign": "delete from {t} where campaign_key = 's:1'",
        "names_are_not_ambiguous": "update {t} set match_rule = 'ambiguous_name'",
    },
    "fct_lead": {
        "keys_are_unique": "update {t} set lead_key = 'l1'",
        "values_are_known": "update {t} set response_business_minutes = 91",
        "stages_follow_one_another": "update {t} set mql_at = '2026-05-04'",
    },
    "fct_ad_performance_daily": {
        "keys_are_unique": "insert into {t} from {t}",
        "rows_of_google_ads_are_there": "delete from {t} where platform = 'google_ads'",
        "rows_of_linkedin_ads_are_there": "delete from {t} where platform = 'linkedin_ads'",
        "rows_of_meta_ads_are_there": (
            "update raw_meta_ads.campaign_daily"
            " set date = '2026-06-29', _first_extract_date = '2026-06-30'"
        ),
        "figures_are_not_negative": "update {t} set spend_amount = -0.01",
        "amounts_are_converted": "update {t} set spend_amount = null",
    },
    "fct_touchpoint": {
        "keys_are_unique": "update {t} set touchpoint_key = 't1'",
        "values_are_known": "update {t} set opportunity_key = 'o'",
        "campaigns_are_known": "update {t} set campaign_key = 'gone'",
    },
    "fct_attribution": {
        "keys_are_unique": "insert into {t} from {t}",
        "values_are_known": "update {t} set weight = 1.5",
        "opportunities_are_shared_out": (
            "update {t} set attributed_amount = 50.01 where attribution_key = 'o|t1|last'"
        ),
    },
    "mart_campaign_performance": PERFORMANCE,
    "mart_channel_performance": PERFORMANCE,
    "mart_lead_funnel": {
        "keys_are_unique": "insert into {t} from {t}",
        "values_are_known": "update {t} set mql_to_sql_rate = 1.5",
        "cohorts_are_all_leads": "update {t} set lead_count = 3",
    },
    "mart_lead_response": {
        "keys_are_unique": "insert into {t} from {t}",
        "values_are_known": "update {t} set within_target_share = 1.5",
        "owners_answer_for_all_leads": "update {t} set lead_count = 1",
    },
}
CASES = [
    (table, check, sql) for table, checks in BREAKAGES.items() for check, sql in checks.items()
]
CHECKS = [check for mart in marketing_marts() for check in mart.checks]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute(MARTS)
        yield connection


def results_of(connection, table=None):
    checks = [check for check in CHECKS if table in (None, check.table)]
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


def test_every_check_has_its_breakage():
    assert {(check.table, check.name) for check in CHECKS} == {
        (table, check) for table, check, _ in CASES
    }


def test_marts_of_a_company_without_marketing_are_sound(connection):
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name = 'marts' or schema_name like 'raw_%'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"delete from {table}")
    connection.execute("update intermediate.int_as_of_date set as_of_date = null")
    problems = [r for r in results_of(connection).values() if r.status != "passed"]
    assert [(r.check.table, r.check.name, r.details) for r in problems] == []
