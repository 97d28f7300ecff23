"""What a period came to: how it stands in the row of those before, and the deals that made it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import duckdb
import pandas as pd

Grain = Literal["month", "quarter"]

_DEAL = """
    opportunity_name,
    account_name,
    user_name as owner_name,
"""
_NAMES = """
    left join marts.dim_account using (account_key)
    left join marts.dim_user on owner.user_key = dim_user.user_key
"""


def trend(
    db: duckdb.DuckDBPyConnection, grain: Grain, last: dt.date, periods: int, node: str | None
) -> pd.DataFrame:
    """One row per period up to the one that begins on `last`, the newest ones, oldest first.

    Args:
        db: The published database.
        grain: Kind of period.
        last: First day of the newest.
        periods: How many.
        node: The manager whose team is looked at; None adds up all representatives, whose quotas
            no single tree says how to add.
    """
    return db.execute(
        """
        with

        figures as (

            select
                period_start_date,
                bookings_amount,
                quota_amount,
                attainment_rate,
                won_count,
                lost_count,
                win_rate,
                average_deal_amount,
                pipeline_generated_amount
            from marts.mart_team_performance
            where user_key = $node and period_type = $grain

            union all

            select
                period_start_date,
                sum(bookings_amount),
                null,
                null,
                cast(sum(won_count) as bigint),
                cast(sum(lost_count) as bigint),
                sum(won_count) / nullif(sum(won_count) + sum(lost_count), 0),
                sum(bookings_amount) / nullif(sum(won_count), 0),
                sum(pipeline_generated_amount)
            from marts.mart_rep_performance
            where cast($node as varchar) is null and period_type = $grain
            group by period_start_date

        ),

        newest as (

            select * from figures
            where period_start_date <= $last
            order by period_start_date desc
            limit $periods

        )

        select * from newest order by period_start_date
        """,
        {"node": node, "grain": grain, "last": last, "periods": periods},
    ).df()


def booked(db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date) -> pd.DataFrame:
    """One row: what the company booked in a period, weeks included, as its end saw it."""
    return db.execute(
        """
        select
            coalesce(sum(bookings_amount), 0) as bookings_amount,
            cast(coalesce(sum(bookings_count), 0) as bigint) as bookings_count
        from marts.mart_pipeline_waterfall
        where period_type = $period_type and period_start_date = $first
        """,
        {"period_type": period_type, "first": first},
    ).df()


def teams(
    db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date, node: str | None
) -> pd.DataFrame:
    """One row per manager right below a node, or per top of the tree, the most booked first."""
    return db.execute(
        """
        select
            performance.user_name,
            bookings_amount,
            quota_amount,
            attainment_rate,
            win_rate,
            average_deal_amount,
            open_pipeline_amount,
            coverage_ratio_full,
            coverage_ratio_remaining,
            slip_rate,
            performance.user_key
        from marts.mart_team_performance as performance
        inner join marts.dim_user using (user_key)
        where period_type = $period_type
            and period_start_date = $first
            and manager_key is not distinct from $node
            and user_key in (select manager_key from marts.dim_user)
        order by bookings_amount desc, user_key
        """,
        {"period_type": period_type, "first": first, "node": node},
    ).df()


def closed_deals(
    db: duckdb.DuckDBPyConnection, is_won: bool, first: dt.date, last: dt.date, most: int
) -> pd.DataFrame:
    """One row per deal won, or lost, with its close date in a span of days, the largest first."""
    return db.execute(
        f"""
        select
            {_DEAL}
            amount,
            close_date,
            sales_cycle_days,
            push_count,
            {"lead_source" if is_won else "loss_reason"},
            opportunity_key
        from (
            select *, owner_at_close_key as user_key from marts.fct_opportunity
        ) as owner
        {_NAMES}
        where is_closed and is_won = $is_won and close_date between $first and $last
        order by amount desc nulls last, opportunity_key
        limit $most
        """,
        {"is_won": is_won, "first": first, "last": last, "most": most},
    ).df()


def new_deals(
    db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date, most: int
) -> pd.DataFrame:
    """One row per deal created in a span of days, the largest first."""
    return db.execute(
        f"""
        select
            {_DEAL}
            created_amount,
            owner.created_date,
            stage_name,
            close_date,
            source_channel,
            opportunity_key
        from (
            select *, owner_at_creation_key as user_key from marts.fct_opportunity
        ) as owner
        {_NAMES}
        where owner.created_date between $first and $last
        order by created_amount desc nulls last, opportunity_key
        limit $most
        """,
        {"first": first, "last": last, "most": most},
    ).df()


def slipped_deals(
    db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date, most: int
) -> pd.DataFrame:
    """One row per deal that was pushed out of a period, the largest first."""
    return db.execute(
        f"""
        select
            {_DEAL}
            pushed_out_amount,
            close_date,
            push_count,
            stage_name,
            owner.opportunity_key
        from (
            select *, owner_key as user_key from marts.mart_pipeline_waterfall_opportunity
        ) as owner
        left join marts.fct_opportunity using (opportunity_key)
        {_NAMES}
        where period_type = $period_type and period_start_date = $first and exit = 'pushed_out'
        order by pushed_out_amount desc, owner.opportunity_key
        limit $most
        """,
        {"period_type": period_type, "first": first, "most": most},
    ).df()


def loss_reasons(db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date) -> pd.DataFrame:
    """One row per reason for which deals of a period were lost, most money first."""
    return db.execute(
        """
        select reason, lost_count, lost_amount, lost_share, lost_share_amount
        from marts.mart_win_loss
        where segment_type = 'all'
            and period_type = $period_type
            and period_start_date = $first
            and lost_count > 0
        order by lost_amount desc, reason
        """,
        {"period_type": period_type, "first": first},
    ).df()
