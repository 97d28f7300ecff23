"""Checks of the marts that hold figures: pipeline, performance."""

from __future__ import annotations

from orchestration.quality.check import between, no_rows, not_null, one_of, unique_together
from orchestration.quality.mart import Mart

OPEN_CATEGORIES = ("Pipeline", "Best Case", "Most Likely", "Commit", "Closed")
PERIOD_TYPES = ("month", "quarter", "year")
RATES = ("win_rate", "slip_rate")
COUNTS = ("won_count", "lost_count", "pipeline_generated_count", "slipped_count")


def daily_pipeline() -> Mart:
    """The open pipeline of every day."""
    mart = Mart(
        "mart_pipeline_daily",
        "snapshot_date",
        "owner_key",
        "stage_key",
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
        one_of("forecast_category", OPEN_CATEGORIES),
        between("open_count", 0),
    )
    mart.must(
        "last_day_agrees_with_the_opportunities",
        "On its last day the pipeline is the sum of the open opportunities, to the cent.",
        no_rows(_pipeline_difference(), "the last day is the sum of the open opportunities"),
    )
    return mart


def performance(table: str) -> Mart:
    """What reps, or teams, achieved in each period."""
    mart = Mart(table, "user_key", "period_type", "period_start_date")
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
                and owner_at_close_key is not null
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
