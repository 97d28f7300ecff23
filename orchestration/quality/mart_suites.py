"""Checks of the marts: what must be true of the figures whatever the company.

dbt's tests look at each model while it is built. These look at the finished marts together, as a
reader will see them, and hold them against each other and against what was loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.quality.check import (
    Check,
    Expectation,
    Severity,
    between,
    no_row_where,
    no_rows,
    not_null,
    one_of,
    unique_together,
)

FORECAST_CATEGORIES = ("Pipeline", "Best Case", "Most Likely", "Commit", "Omitted", "Closed")
HISTORY_SOURCES = ("tracked", "observed", "assumed")
ACTIVITY_TYPES = ("call", "email", "meeting", "other")
PERIOD_TYPES = ("month", "quarter", "year")
RATES = ("win_rate", "slip_rate")
COUNTS = ("won_count", "lost_count", "pipeline_generated_count", "slipped_count")


class _Mart:
    """One mart, to say what must be true of it."""

    def __init__(self, table: str, *key_columns: str) -> None:
        self.table = table
        self.key_columns = key_columns
        self.checks: list[Check] = []

    def must(
        self,
        name: str,
        description: str,
        *expectations: Expectation,
        severity: Severity = "critical",
    ) -> None:
        """Add a check."""
        self.checks.append(
            Check("marts", self.table, name, description, severity, self.key_columns, expectations)
        )

    def never(self, condition: str, promise: str) -> Expectation:
        """No row meets the condition."""
        return no_row_where(condition, self.key_columns, promise)

    def must_have_keys(self) -> None:
        """Each row has a key of its own."""
        self.must(
            "keys_are_unique",
            "There is one row per key, and no row without one.",
            unique_together(self.key_columns),
            *map(not_null, self.key_columns),
        )

    def must_have_rows_of(self, schema: str, objects: Sequence[str]) -> None:
        """The mart is not empty when the objects that it is made from are not."""
        loaded = " and ".join(f"exists (select 1 from {schema}.{name})" for name in objects)
        self.must(
            "rows_are_there",
            "The mart has rows when what it is made from has.",
            no_rows(
                f"select 0 as row_count where {loaded} and not exists (select 1 from {{table}})",
                "there are rows",
            ),
        )

    def must_follow_without_gaps(self, object_key: str) -> None:
        """The versions of an object follow one another, each until the next begins."""
        self.must(
            "versions_follow_without_gaps",
            "Each version of a record holds until the next begins.",
            self.never("valid_to <= valid_from", "a version begins before it ends"),
            no_rows(
                f"""
                select {object_key}, valid_from, valid_to
                from {{table}}
                window versions as (partition by {object_key} order by valid_from)
                qualify
                    lead(valid_from) over versions is not null
                    and valid_to is distinct from lead(valid_from) over versions
                """,
                "a version ends when the next begins",
            ),
        )


def mart_checks() -> tuple[Check, ...]:
    """The checks of all marts, those of one mart one after the other."""
    marts = (
        _dates(), _stages(), _users(), _user_history(), _accounts(), _opportunities(),
        _opportunity_history(), _activities(), _quotas(), _ad_performance(), _daily_pipeline(),
        _performance("mart_rep_performance"), _performance("mart_team_performance"),
    )  # fmt: skip
    return tuple(check for mart in marts for check in mart.checks)


def _dates() -> _Mart:
    mart = _Mart("dim_date", "calendar_date")
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


def _stages() -> _Mart:
    mart = _Mart("dim_stage", "stage_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Categories are the CRM's, a won stage is closed, a probability is from 0 to 1.",
        one_of("forecast_category", FORECAST_CATEGORIES),
        between("default_probability", 0, 1),
        mart.never("is_won and not is_closed", "a won stage is closed"),
    )
    return mart


def _users() -> _Mart:
    mart = _Mart("dim_user", "user_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce", ["user"])
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


def _user_history() -> _Mart:
    mart = _Mart("dim_user_history", "user_key", "valid_from")
    mart.must_have_keys()
    mart.must_follow_without_gaps("user_key")
    return mart


def _accounts() -> _Mart:
    mart = _Mart("dim_account", "account_key")
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


def _opportunities() -> _Mart:
    mart = _Mart("fct_opportunity", "opportunity_key")
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
            "stage_name not in (select stage_name from marts.dim_stage)", "stages are the CRM's"
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


def _opportunity_history() -> _Mart:
    mart = _Mart("fct_opportunity_history", "opportunity_key", "valid_from")
    mart.must_have_keys()
    mart.must_have_rows_of("marts", ["fct_opportunity"])
    mart.must_follow_without_gaps("opportunity_key")
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
                (history.stage_name, history.amount_original, history.close_date, history.owner_key)
                is distinct from (
                    opportunity.stage_name, opportunity.amount_original, opportunity.close_date,
                    opportunity.owner_key
                )
            """,
            "the last version is the present state",
        ),
    )
    return mart


def _activities() -> _Mart:
    mart = _Mart("fct_activity", "activity_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Kinds of activities are known ones, and what is done has its day.",
        one_of("activity_type", ACTIVITY_TYPES),
        mart.never("is_done and done_date is null", "what is done has its day"),
    )
    return mart


def _quotas() -> _Mart:
    mart = _Mart("fct_quota", "quota_version_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce", ["forecasting_quota"])
    mart.must_follow_without_gaps("quota_key")
    mart.must(
        "quotas_are_of_whole_months",
        "Each quota starts on the first day of a month and is not negative.",
        mart.never("extract(day from month_start_date) <> 1", "quotas are of whole months"),
        between("amount", 0),
        severity="warning",
    )
    return mart


def _ad_performance() -> _Mart:
    mart = _Mart("fct_ad_performance_daily", "ad_performance_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_google_ads", ["campaign_daily"])
    mart.must(
        "figures_are_not_negative",
        "Nothing was shown, clicked or spent less than never.",
        between("impression_count", 0),
        between("click_count", 0),
        between("spend_amount", 0),
    )
    return mart


def _daily_pipeline() -> _Mart:
    mart = _Mart(
        "mart_pipeline_daily",
        "snapshot_date",
        "owner_key",
        "stage_name",
        "forecast_category",
        "close_fiscal_quarter_start_date",
    )
    mart.must(
        "keys_are_unique",
        "There is one row per day, owner, stage, category and quarter of the close date.",
        unique_together(mart.key_columns),
        not_null("snapshot_date"),
    )
    mart.must(
        "values_are_known",
        "Only open opportunities that are not omitted are counted.",
        one_of("forecast_category", [c for c in FORECAST_CATEGORIES if c != "Omitted"]),
        between("open_count", 0),
    )
    mart.must(
        "last_day_agrees_with_the_opportunities",
        "On its last day the pipeline is the sum of the open opportunities, to the cent.",
        no_rows(_pipeline_difference(), "the last day is the sum of the open opportunities"),
    )
    return mart


def _performance(table: str) -> _Mart:
    mart = _Mart(table, "user_key", "period_type", "period_start_date")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Rates are from 0 to 1 and counts are not negative.",
        one_of("period_type", PERIOD_TYPES),
        *(between(rate, 0, 1) for rate in RATES),
        *(between(count, 0) for count in COUNTS),
        mart.never("period_end_date < period_start_date", "a period begins before it ends"),
    )
    if table == "mart_rep_performance":
        mart.must(
            "ranks_begin_with_one",
            "In each period somebody is first.",
            no_rows(
                """
                select period_type, period_start_date from {table}
                group by period_type, period_start_date
                having min(bookings_rank) <> 1
                """,
                "ranks begin with 1",
            ),
        )
        mart.must("ranks_begin_with_one", "The best has rank 1.", between("bookings_rank", 1))
        mart.must(
            "bookings_agree_with_the_opportunities",
            "The bookings of all months are the sum of the won opportunities, to the cent.",
            no_rows(_bookings_difference(), "bookings are the sum of the won opportunities"),
        )
    else:
        mart.must(
            "quarters_are_their_months",
            "A quarter's bookings are those of its months, to the cent.",
            no_rows(_quarter_difference(), "a quarter is the sum of its months"),
        )
    return mart


def _lost_opportunities() -> str:
    return """
        select 'salesforce:' || id as opportunity_key
        from raw_salesforce.opportunity
        where
            _first_extract_date <= (select as_of_date from intermediate.int_as_of_date)
            and id not in (
                select record_key from ops.deleted_record
                where source = 'salesforce' and object = 'Opportunity'
            )
        group by id
        having not bool_or(coalesce(is_deleted, false))
            and 'salesforce:' || id not in (select opportunity_key from {table})
    """


def _pipeline_difference() -> str:
    return """
        select pipeline.amount, opportunities.amount as opportunity_amount
        from (
            select coalesce(sum(open_amount), 0) as amount, coalesce(sum(open_count), 0) as deals
            from {table}
            where snapshot_date = (select as_of_date from intermediate.int_as_of_date)
        ) as pipeline
        cross join (
            select coalesce(sum(amount), 0) as amount, count(*) as deals
            from marts.fct_opportunity
            where not is_closed and forecast_category <> 'Omitted'
        ) as opportunities
        where (pipeline.amount, pipeline.deals) <> (opportunities.amount, opportunities.deals)
    """


def _bookings_difference() -> str:
    return """
        select booked.amount, opportunities.amount as opportunity_amount
        from (
            select coalesce(sum(bookings_amount), 0) as amount from {table}
            where period_type = 'month'
        ) as booked
        cross join (
            select coalesce(sum(amount), 0) as amount
            from marts.fct_opportunity
            where is_won and close_date <= (select as_of_date from intermediate.int_as_of_date)
                and owner_at_close_key in (select user_key from marts.dim_user)
        ) as opportunities
        where booked.amount <> opportunities.amount
    """


def _quarter_difference() -> str:
    return """
        select quarters.user_key, quarters.period_start_date
        from {table} as quarters
        left join {table} as months
            on quarters.user_key = months.user_key
            and months.period_type = 'month'
            and months.period_start_date
            between quarters.period_start_date and quarters.period_end_date
        where quarters.period_type = 'quarter'
        group by quarters.user_key, quarters.period_start_date, quarters.bookings_amount
        having coalesce(sum(months.bookings_amount), 0) <> coalesce(quarters.bookings_amount, 0)
    """
