"""From stage to stage: who goes on, where deals stand still, and which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb
import pandas as pd

from orchestration.queries import OF_OWNERS


def conversion(db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row per pair of stages, for deals that first entered the earlier in a span of months.

    An opportunity first visits a stage once, so counts of several months add up.
    """
    return db.execute(
        """
        select
            from_stage,
            to_stage,
            cast(sum(entered_count) as bigint) as entered_count,
            cast(sum(reached_count) as bigint) as reached_count,
            sum(reached_count) / sum(entered_count) as conversion_rate,
            min(starting.stage_order) as from_stage_order,
            min(ending.stage_order) as to_stage_order
        from marts.mart_stage_conversion
        inner join marts.dim_stage as starting on from_stage_key = starting.stage_key
        inner join marts.dim_stage as ending on to_stage_key = ending.stage_key
        where entry_month_start_date between $first and $last
        group by from_stage, to_stage
        order by from_stage_order, to_stage_order, from_stage, to_stage
        """,
        {"first": first, "last": last},
    ).df()


def conversion_by_month(db: duckdb.DuckDBPyConnection, months: int) -> pd.DataFrame:
    """One row per month and stage, for the newest months: how many of its newcomers were won."""
    return db.execute(
        """
        select
            entry_month_start_date,
            from_stage,
            entered_count,
            reached_count,
            conversion_rate,
            median_days
        from marts.mart_stage_conversion
        inner join marts.dim_stage on to_stage_key = dim_stage.stage_key and is_won
        inner join marts.dim_date on is_as_of_date
        where entry_month_start_date > calendar_date - to_months($months)
        order by entry_month_start_date, from_stage
        """,
        {"months": months},
    ).df()


def ageing(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per stage of open deals: how long they stand in it, against those that were won."""
    return db.execute(
        """
        select
            stage_name,
            pipeline_name,
            open_count,
            open_amount,
            open_days_median,
            open_days_p75,
            won_days_median,
            won_days_p75,
            stuck_count,
            stuck_amount,
            stuck_rate
        from marts.mart_stage_ageing
        order by source_system, pipeline_name, stage_order
        """
    ).df()


def endangered_deals(
    db: duckdb.DuckDBPyConnection, owners: Sequence[str] | None, only_stuck: bool
) -> pd.DataFrame:
    """One row per open deal with a signal of danger, at most 500, most money at risk first."""
    return db.execute(
        f"""
        select
            opportunity_name,
            user_name as owner_name,
            stage_name,
            amount,
            signal_count,
            at_risk_amount,
            days_in_stage,
            stage_won_days_p75,
            past_due_days,
            push_count,
            silent_days,
            is_stuck,
            is_past_due,
            is_pushed_repeatedly,
            is_silent,
            is_single_contact,
            is_amount_cut,
            is_stage_regressed,
            opportunity_key
        from marts.mart_deal_health
        left join marts.dim_user on owner_key = user_key
        where signal_count > 0 and (is_stuck or not $only_stuck) and {OF_OWNERS}
        order by at_risk_amount desc nulls last, opportunity_key
        limit 500
        """,
        {"owners": owners, "only_stuck": only_stuck},
    ).df()
