"""The pipeline: as of a day, over time, and between two dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb
import pandas as pd

from orchestration.queries import OF_OWNERS

Owners = Sequence[str] | None
ENTRIES = ("created", "pulled_in", "reopened", "moved_in", "increased")
EXITS = ("decreased", "won", "lost", "pushed_out", "removed")

_PARTS = ("start", *ENTRIES, *EXITS, "end")
_SUMS = ",\n".join(f"coalesce(sum({part}_amount), 0) as {part}_amount" for part in _PARTS)

_OPEN = """
    cast(sum(open_count) as bigint) as open_count,
    sum(open_amount) as open_amount,
    sum(weighted_amount) as weighted_amount
"""

_DEALS = """
    select
        opportunity_name,
        user_name as owner_name,
        moved.entry,
        moved.exit,
        start_amount,
        moved.created_amount + pulled_in_amount + reopened_amount + moved_in_amount
            as came_in_amount,
        increased_amount - decreased_amount as repriced_amount,
        won_amount,
        lost_amount,
        pushed_out_amount,
        removed_amount,
        end_amount,
        loss_reason,
        opportunity_key
    from moved
    left join marts.fct_opportunity using (opportunity_key)
    left join marts.dim_user on moved.owner_key = dim_user.user_key
    order by
        greatest(
            came_in_amount, abs(repriced_amount), won_amount, lost_amount, pushed_out_amount,
            removed_amount
        ) desc,
        opportunity_key
    limit 500
"""


def open_pipeline(
    db: duckdb.DuckDBPyConnection, days: Sequence[dt.date], owners: Owners
) -> pd.DataFrame:
    """One row per day: what was open at its end."""
    return db.execute(
        f"""
        select
            day as snapshot_date,
            cast(coalesce(sum(open_count), 0) as bigint) as open_count,
            coalesce(sum(open_amount), 0) as open_amount,
            coalesce(sum(weighted_amount), 0) as weighted_amount
        from (select distinct unnest(cast($days as date[])) as day)
        left join (from marts.mart_pipeline_daily where {OF_OWNERS}) on snapshot_date = day
        group by day
        order by day
        """,
        {"days": list(days), "owners": owners},
    ).df()


def by_day(
    db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date, owners: Owners
) -> pd.DataFrame:
    """One row per day of a span: what was open at its end."""
    return db.execute(
        f"""
        select
            snapshot_date,
            {_OPEN}
        from marts.mart_pipeline_daily
        where snapshot_date between $first and $last and {OF_OWNERS}
        group by snapshot_date
        order by snapshot_date
        """,
        {"first": first, "last": last, "owners": owners},
    ).df()


def by_stage(db: duckdb.DuckDBPyConnection, day: dt.date, owners: Owners) -> pd.DataFrame:
    """One row per stage and forecast category, in the stages' order: what was open on a day."""
    return db.execute(
        f"""
        select
            stage_name,
            pipeline.forecast_category,
            min(stage_order) as stage_order,
            {_OPEN}
        from marts.mart_pipeline_daily as pipeline
        left join marts.dim_stage using (stage_key, stage_name)
        where snapshot_date = $day and {OF_OWNERS}
        group by stage_name, pipeline.forecast_category
        order by stage_order, stage_name, pipeline.forecast_category
        """,
        {"day": day, "owners": owners},
    ).df()


def by_team(db: duckdb.DuckDBPyConnection, day: dt.date, team: str | None) -> pd.DataFrame:
    """One row per user right below a manager, and everybody below them: what was open on a day.

    The manager's own deals have a row, too. Without a manager the rows are the tops of the tree,
    and one without a user for owners whom no extract lists. Teams are those of the as-of date.
    """
    return db.execute(
        f"""
        with recursive

        member as (

            select user_key, user_key as branch_key
            from marts.dim_user
            where user_key = $team
                or manager_key is not distinct from $team

            union

            select dim_user.user_key, member.branch_key
            from marts.dim_user
            inner join member on dim_user.manager_key = member.user_key
            where dim_user.manager_key is distinct from $team

        )

        select
            member.branch_key as user_key,
            user_name,
            {_OPEN}
        from marts.mart_pipeline_daily
        left join member on mart_pipeline_daily.owner_key = member.user_key
        left join marts.dim_user on member.branch_key = dim_user.user_key
        where snapshot_date = $day
            and (member.user_key is not null or cast($team as varchar) is null)
        group by all
        order by open_amount desc, user_key
        """,
        {"day": day, "team": team},
    ).df()


def waterfall(
    db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date, owners: Owners
) -> pd.DataFrame:
    """One row: the pipeline of the period that begins on a day, from its opening to its closing."""
    return db.execute(
        f"""
        select {_SUMS}
        from marts.mart_pipeline_waterfall
        where period_type = $period_type and period_start_date = $first and {OF_OWNERS}
        """,
        {"period_type": period_type, "first": first, "owners": owners},
    ).df()


def waterfall_between(
    db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date, owners: Owners
) -> pd.DataFrame:
    """One row: the same for the window that any two dates bound."""
    return db.execute(
        f"""
        with

        as_of as (select calendar_date from marts.dim_date where is_as_of_date),

        moved as materialized (from marts.pipeline_waterfall_between($first, $last)),

        -- What stood in the pipeline at both ends alike, which the function leaves out.
        stood_still as (

            select owner_key, amount as start_amount, amount as end_amount
            from marts.pipeline_as_of(least($last, (select calendar_date from as_of)))
            where close_date between $first and $last
                and opportunity_key not in (select opportunity_key from moved)

        )

        select {_SUMS}
        from (from moved union all by name from stood_still)
        where {OF_OWNERS}
        """,
        {"first": first, "last": last, "owners": owners},
    ).df()


def moved_deals(
    db: duckdb.DuckDBPyConnection, period_type: str, first: dt.date, owners: Owners
) -> pd.DataFrame:
    """One row per deal that moved in a period, at most 500, what moved most money first."""
    return db.execute(
        f"""
        with moved as (
            from marts.mart_pipeline_waterfall_opportunity
            where period_type = $period_type and period_start_date = $first and {OF_OWNERS}
        )
        {_DEALS}
        """,
        {"period_type": period_type, "first": first, "owners": owners},
    ).df()


def moved_deals_between(
    db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date, owners: Owners
) -> pd.DataFrame:
    """One row per deal that moved in the window that any two dates bound, in the same way."""
    return db.execute(
        f"""
        with moved as (
            from marts.pipeline_waterfall_between($first, $last) where {OF_OWNERS}
        )
        {_DEALS}
        """,
        {"first": first, "last": last, "owners": owners},
    ).df()
