"""How representatives and teams do: attainment, ranks, pace, ramp, and the deals behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from orchestration.queries import OF_OWNERS

PeriodType = Literal["month", "quarter", "year"]

_FIGURES = """
    user_name,
    bookings_amount,
    quota_amount,
    attainment_rate,
    bookings_rank,
    attainment_rank,
    won_count,
    lost_count,
    win_rate,
    win_rate_amount,
    average_deal_amount,
    sales_cycle_days_median,
    pipeline_generated_count,
    pipeline_generated_amount,
    open_pipeline_amount,
    coverage_ratio_full,
    coverage_ratio_remaining,
    slipped_count,
    slip_rate,
    call_count,
    email_count,
    meeting_count,
    tenure_months,
    ramped_quota_amount,
    ramped_attainment_rate,
    user_key
"""


def team(
    db: duckdb.DuckDBPyConnection, period_type: PeriodType, start: dt.date, node: str
) -> pd.DataFrame:
    """One row: a manager and everybody below; none where the period does not know them."""
    return db.execute(
        f"""
        select {_FIGURES}
        from marts.mart_team_performance
        where period_type = $period_type and period_start_date = $start and user_key = $node
        """,
        {"period_type": period_type, "start": start, "node": node},
    ).df()


def reps(
    db: duckdb.DuckDBPyConnection,
    period_type: PeriodType,
    start: dt.date,
    owners: Sequence[str] | None,
) -> pd.DataFrame:
    """One row per representative of a period, the one who booked most first."""
    of_owners = OF_OWNERS.replace("owner_key", "user_key")
    return db.execute(
        f"""
        select {_FIGURES}
        from marts.mart_rep_performance
        where period_type = $period_type and period_start_date = $start and {of_owners}
        order by bookings_amount desc, quota_amount desc nulls last, user_key
        """,
        {"period_type": period_type, "start": start, "owners": owners},
    ).df()


def pace(
    db: duckdb.DuckDBPyConnection, period_type: PeriodType, start: dt.date, node: str
) -> pd.DataFrame:
    """One row per day of a period to the as-of date: booked so far, and what the quota asks."""
    begins = {
        "month": "month_start_date",
        "quarter": "fiscal_quarter_start_date",
        "year": "fiscal_year_start_date",
    }[period_type]
    return db.execute(
        f"""
        select
            snapshot_date,
            {period_type}_to_date_bookings_amount,
            {period_type}_pace_amount,
            {period_type}_quota_amount,
            {period_type}_attainment_rate,
            {period_type}_pace_rate
        from marts.mart_quota_attainment_daily
        where user_key = $node and {begins} = $start
        order by snapshot_date
        """,
        {"start": start, "node": node},
    ).df()


def ramp(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per month of hire and month of tenure: how new people come up to speed."""
    return db.execute(
        """
        select
            cohort_month_start_date,
            tenure_month,
            rep_count,
            first_win_count_to_date,
            average_bookings_amount,
            bookings_amount_to_date,
            ramp_rate_average,
            attainment_rate,
            ramped_attainment_rate,
            is_complete
        from marts.mart_rep_ramp
        order by cohort_month_start_date, tenure_month
        """
    ).df()


def deals(db: duckdb.DuckDBPyConnection, rep: str, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row per deal of a representative with its close date in a span of days, won ones first.

    Closed ones are those of the owner at the close, as in the bookings.
    """
    return db.execute(
        """
        select
            opportunity_name,
            account_name,
            stage_name,
            amount,
            close_date,
            sales_cycle_days,
            age_days,
            push_count,
            days_in_stage,
            is_won,
            is_past_due,
            loss_reason,
            opportunity_key
        from marts.fct_opportunity
        left join marts.dim_account using (account_key)
        where close_date between $first and $last
            and if(is_closed, owner_at_close_key, fct_opportunity.owner_key) = $rep
        order by is_won desc, amount desc nulls last, opportunity_key
        """,
        {"rep": rep, "first": first, "last": last},
    ).df()
