"""The forecast of the newest run, what it is measured against, and how far off such ones were."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import duckdb
import pandas as pd

from orchestration.queries import OF_NEWEST_RUN

Grain = Literal["month", "quarter"]


def run(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row: the run whose forecast is published."""
    return db.execute(
        f"""
        select as_of_date, status, note, published_method, origin_count, history_month_count
        from marts.fct_forecast_run
        where {OF_NEWEST_RUN}
        """
    ).df()


def periods(db: duckdb.DuckDBPyConnection, node_type: str, node: str, grain: Grain) -> pd.DataFrame:
    """One row per period from the running one on: a node's forecast and what it stands beside."""
    return db.execute(
        f"""
        select
            period_start_date,
            mean_amount,
            p10_amount,
            p50_amount,
            p90_amount,
            won_amount,
            open_amount,
            new_amount,
            quota_amount,
            gap_amount,
            needed_pipeline_amount,
            commit_amount,
            best_case_amount,
            submitted_amount,
            naive_amount,
            summary.published_method,
            skill
        from marts.mart_forecast_summary as summary
        inner join marts.fct_forecast_run using (forecast_run_id)
        where {OF_NEWEST_RUN}
            and node_type = $node_type
            and node_key = $node
            and period_type = $grain
        order by period_start_date
        """,
        {"node_type": node_type, "node": node, "grain": grain},
    ).df()


def booked(
    db: duckdb.DuckDBPyConnection, team: str | None, grain: Grain, before: dt.date
) -> pd.DataFrame:
    """One row per period of the two years before a day: what a team, or everybody, booked."""
    return db.execute(
        """
        with

        booked as (

            select period_start_date, sum(bookings_amount) as bookings_amount
            from marts.mart_rep_performance
            where cast($team as varchar) is null and period_type = $grain
            group by period_start_date

            union all

            select period_start_date, bookings_amount
            from marts.mart_team_performance
            where user_key = $team and period_type = $grain

        )

        select *
        from booked
        where period_start_date < $before and period_start_date >= $before - to_years(2)
        order by period_start_date desc
        """,
        {"team": team, "grain": grain, "before": before},
    ).df()


def accuracy(db: duckdb.DuckDBPyConnection, node_type: str, grain: Grain) -> pd.DataFrame:
    """One row per periods ahead and method, of the published method and the naive: past errors."""
    return db.execute(
        f"""
        select
            horizon,
            method,
            is_published,
            wape,
            mase,
            bias,
            interval_coverage,
            skill,
            accuracy.origin_count
        from marts.mart_forecast_accuracy as accuracy
        inner join marts.fct_forecast_run using (forecast_run_id)
        where {OF_NEWEST_RUN}
            and node_type = $node_type
            and node_key is null
            and period_type = $grain
            and (is_published or method = 'seasonal_naive')
        order by horizon, is_published desc
        """,
        {"node_type": node_type, "grain": grain},
    ).df()
