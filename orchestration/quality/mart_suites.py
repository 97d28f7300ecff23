"""Checks of the marts: what must be true of the figures whatever the company.

dbt's tests look at each model while it is built. These look at the finished marts together, as a
reader will see them, and hold them against each other and against what was loaded.
"""

from __future__ import annotations

from orchestration.quality.account_suites import account_marts
from orchestration.quality.check import Check, between, no_rows, one_of
from orchestration.quality.figure_suites import daily_pipeline, performance
from orchestration.quality.history import mart_history_check
from orchestration.quality.marketing_suites import marketing_marts
from orchestration.quality.mart import Mart
from orchestration.quality.pipeline_suites import pipeline_marts

FORECAST_CATEGORIES = ("Pipeline", "Best Case", "Most Likely", "Commit", "Omitted", "Closed")
HISTORY_SOURCES = ("tracked", "observed", "assumed")
ACTIVITY_TYPES = ("call", "email", "meeting", "other")


def mart_checks() -> tuple[Check, ...]:
    """The checks of all marts, those of one mart one after the other."""
    marts = (
        _dates(), _stages(), _users(), _user_history(), _accounts(), _opportunities(),
        _opportunity_history(), _opportunity_deletions(), _exchange_rates(), _activities(),
        _quotas(), _submissions(), daily_pipeline(), performance("mart_rep_performance"),
        performance("mart_team_performance"),
        *pipeline_marts(), *account_marts(), *marketing_marts(),
    )  # fmt: skip
    return tuple(
        check
        for mart in marts
        for check in (*mart.checks, mart_history_check(mart.table, mart.key_columns))
    )


def _dates() -> Mart:
    mart = Mart("dim_date", "calendar_date")
    mart.must_have_keys()
    mart.must(
        "no_day_is_missing",
        "The calendar has every day from its first to its last.",
        no_rows(
            """
            select calendar_date from {table}
            qualify lead(calendar_date) over (order by calendar_date) <> calendar_date + 1
            """,
            "the next day follows",
        ),
    )
    return mart


def _stages() -> Mart:
    mart = Mart("dim_stage", "stage_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Categories are the CRM's, a won stage is closed, a probability is from 0 to 1.",
        one_of("forecast_category", FORECAST_CATEGORIES),
        between("default_probability", 0, 1),
        mart.never("is_won and not is_closed", "a won stage is closed"),
    )
    return mart


def _users() -> Mart:
    mart = Mart("dim_user", "user_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce.user", "raw_hubspot.owners")
    mart.must(
        "managers_are_users",
        "Every manager is a user, and nobody's own.",
        mart.never("manager_key = user_key", "nobody manages themselves"),
        mart.never(
            "manager_key not in (select user_key from marts.dim_user)", "managers are users"
        ),
        severity="warning",
    )
    return mart


def _user_history() -> Mart:
    mart = Mart("dim_user_history", "user_key", "valid_from")
    mart.must_have_keys()
    mart.must_follow_without_gaps("user_key")
    return mart


def _accounts() -> Mart:
    mart = Mart("dim_account", "account_key")
    mart.must_have_keys()
    mart.must(
        "survivors_are_accounts",
        "The account that a merged one points to is there, and is not merged itself.",
        mart.never(
            "survivor_account_key not in ("
            "select account_key from marts.dim_account where not is_merged)",
            "survivors are accounts",
        ),
        severity="warning",
    )
    return mart


def _opportunities() -> Mart:
    mart = Mart("fct_opportunity", "opportunity_key")
    mart.must_have_keys()
    mart.must(
        "rows_are_there",
        "Every opportunity that was loaded and not deleted since is there.",
        no_rows(_lost_opportunities(), "no loaded opportunity is lost"),
    )
    mart.must(
        "values_are_known",
        "Categories are the CRM's, a won opportunity is closed, probabilities are from 0 to 1.",
        one_of("forecast_category", FORECAST_CATEGORIES),
        between("probability", 0, 1),
        mart.never("is_won and not is_closed", "a won opportunity is closed"),
        mart.never("closed_at < created_at", "nothing closes before it is created"),
    )
    mart.must(
        "amounts_are_converted",
        "Every amount has its value in the reporting currency.",
        mart.never("amount is null and amount_original is not null", "amounts are converted"),
        severity="warning",
    )
    mart.must(
        "stages_are_the_crms",
        "Every stage is one that the CRM lists.",
        mart.never(
            "stage_key not in (select stage_key from marts.dim_stage)", "stages are the CRM's"
        ),
        severity="warning",
    )
    mart.must(
        "open_opportunities_have_owners",
        "Somebody owns every open opportunity.",
        mart.never(
            "not is_closed and (owner_key is null"
            " or owner_key not in (select user_key from marts.dim_user))",
            "open opportunities have owners",
        ),
        severity="warning",
    )
    mart.must(
        "open_opportunities_are_not_past_due",
        "No open opportunity has a close date that has passed.",
        mart.never("is_past_due", "close dates lie ahead"),
        severity="warning",
    )
    return mart


def _opportunity_history() -> Mart:
    mart = Mart("fct_opportunity_history", "opportunity_key", "valid_from")
    mart.must_have_keys()
    mart.must_have_rows_of("marts.fct_opportunity")
    mart.must_follow_without_gaps("opportunity_key", deleted_in="fct_opportunity_deletion")
    mart.must(
        "values_are_known",
        "Categories and sources of history are known ones, probabilities are from 0 to 1.",
        one_of("forecast_category", FORECAST_CATEGORIES),
        one_of("history_source", HISTORY_SOURCES),
        between("probability", 0, 1),
    )
    mart.must(
        "history_ends_in_the_present",
        "The version that holds still has the state that the opportunity has.",
        no_rows(
            """
            select opportunity_key, history.valid_from
            from marts.fct_opportunity as opportunity
            left join (from {table} where valid_to is null) as history using (opportunity_key)
            where
                (history.stage_key, history.amount_original, history.close_date, history.owner_key)
                is distinct from (
                    opportunity.stage_key, opportunity.amount_original, opportunity.close_date,
                    opportunity.owner_key
                )
            """,
            "the last version is the present state",
        ),
    )
    return mart


def _opportunity_deletions() -> Mart:
    mart = Mart("fct_opportunity_deletion", "opportunity_key", "valid_from")
    mart.must_have_keys()
    mart.must(
        "deletions_end_what_was_there",
        "An opportunity is deleted when it was there before, in its history or deleted already.",
        no_rows(
            """
            select opportunity_key, deleted.valid_from
            from {table} as deleted
            where (opportunity_key, deleted.valid_from) not in (
                select (opportunity_key, valid_to) from marts.fct_opportunity_history
                where valid_to is not null
                union all
                select (opportunity_key, valid_to) from {table} where valid_to is not null
            )
            """,
            "another version ends when a deleted one begins",
        ),
        severity="warning",
    )
    return mart


def _exchange_rates() -> Mart:
    mart = Mart("fct_exchange_rate", "currency_code", "valid_from_date")
    mart.must_have_keys()
    mart.must(
        "rates_follow_without_gaps",
        "Each rate is above 0 and holds until the next one.",
        mart.never("rate <= 0 or reporting_rate <= 0", "rates are above 0"),
        no_rows(
            """
            select currency_code, valid_from_date
            from {table}
            window rates as (partition by currency_code order by valid_from_date)
            qualify
                lead(valid_from_date) over rates is not null
                and valid_to_date is distinct from lead(valid_from_date) over rates
            """,
            "a rate ends when the next begins",
        ),
    )
    return mart


def _activities() -> Mart:
    mart = Mart("fct_activity", "activity_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Kinds of activities are known ones, and what is done has its day.",
        one_of("activity_type", ACTIVITY_TYPES),
        mart.never("is_done and done_date is null", "what is done has its day"),
    )
    return mart


def _quotas() -> Mart:
    mart = Mart("fct_quota", "quota_version_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce.forecasting_quota")
    mart.must_follow_without_gaps("quota_key")
    mart.must(
        "quotas_are_of_whole_months",
        "Each quota starts on the first day of a month and is not negative.",
        mart.never("extract(day from month_start_date) <> 1", "quotas are of whole months"),
        between("amount", 0),
        severity="warning",
    )
    return mart


def _submissions() -> Mart:
    mart = Mart("fct_forecast_submission", "submission_key")
    mart.must_have_keys()
    mart.must_follow_without_gaps("forecasting_item_key")
    mart.must(
        "submissions_are_of_a_month",
        "The quotas name the month of each submission's period; others cannot be held against it.",
        mart.never("month_start_date is null", "the month is known"),
        severity="warning",
    )
    return mart


def _lost_opportunities() -> str:
    # A deal that was merged into another one is that deal.
    return f"""
        with lost as (
            {_lost_records("salesforce", "Opportunity", "raw_salesforce.opportunity", "is_deleted")}
            union all
            {_lost_records("hubspot", "deals", "raw_hubspot.deals", "archived")}
        )
        select opportunity_key from lost
        where opportunity_key not in (
            select 'hubspot:' || trim(merged_id)
            from raw_hubspot.deals,
                unnest(string_split(hs_merged_object_ids, ';')) as merged (merged_id)
        )
    """


def _lost_records(source: str, name: str, raw_table: str, is_deleted: str) -> str:
    return f"""
        select '{source}:' || id as opportunity_key
        from {raw_table}
        where
            _first_extract_date <= (select as_of_date from intermediate.int_as_of_date)
            and id not in (
                select record_key from ops.deleted_record
                where source = '{source}' and object = '{name}'
            )
        group by id
        having not bool_or(coalesce({is_deleted}, false))
            and '{source}:' || id not in (select opportunity_key from {{table}})
    """
