"""What a team talks about in its forecast call: each of its people, and the deals behind them."""

from __future__ import annotations

import datetime as dt

import duckdb
import pandas as pd

from orchestration.queries import OF_NEWEST_RUN

_OF_QUARTER = f"""
    select summary.*
    from marts.mart_forecast_summary as summary
    inner join marts.fct_forecast_run using (forecast_run_id)
    where {OF_NEWEST_RUN} and period_type = 'quarter' and period_start_date = $first
"""
_FIGURES = """
    quota_amount,
    won_amount,
    commit_amount,
    best_case_amount,
    submitted_amount,
    p10_amount,
    p50_amount,
    p90_amount,
    mean_amount,
    gap_amount
"""


def team(db: duckdb.DuckDBPyConnection, manager: str, first: dt.date) -> pd.DataFrame:
    """One row: a team's forecast of the quarter that begins on a day; none without a forecast."""
    return db.execute(
        f"""
        with summary as ({_OF_QUARTER})

        select
            {_FIGURES},
            needed_pipeline_amount
        from summary
        where node_type = 'team' and node_key = $manager
        """,
        {"manager": manager, "first": first},
    ).df()


def people(db: duckdb.DuckDBPyConnection, manager: str, first: dt.date) -> pd.DataFrame:
    """One row per user right below a manager, who stands for everybody below, and the manager.

    Only those with a forecast of the quarter that begins on a day, or with deals open in it.
    """
    return db.execute(
        f"""
        with recursive

        summary as ({_OF_QUARTER}),

        member as (

            select user_key, user_key as line_key
            from marts.dim_user
            where user_key = $manager or manager_key = $manager

            union

            select dim_user.user_key, member.line_key
            from marts.dim_user
            inner join member on dim_user.manager_key = member.user_key
            where dim_user.manager_key != $manager

        ),

        line as (

            select
                user_key as line_key,
                user_name,
                if(
                    user_key != $manager
                    and user_key in (select manager_key from marts.dim_user),
                    'team',
                    'rep'
                ) as node_type
            from marts.dim_user
            where user_key = $manager or manager_key = $manager

        ),

        pipeline as (

            select member.line_key, sum(open_amount) as open_pipeline_amount
            from marts.mart_pipeline_daily
            inner join member on owner_key = member.user_key
            inner join marts.dim_date on snapshot_date = calendar_date and is_as_of_date
            where close_fiscal_quarter_start_date = $first
            group by member.line_key

        )

        select
            user_name,
            {_FIGURES},
            coalesce(open_pipeline_amount, 0) as open_pipeline_amount,
            line.line_key as user_key
        from line
        left join summary
            on summary.node_key = line.line_key and summary.node_type = line.node_type
        left join pipeline on pipeline.line_key = line.line_key
        where summary.node_key is not null or open_pipeline_amount > 0
        order by quota_amount desc nulls last, mean_amount desc nulls last, user_key
        """,
        {"manager": manager, "first": first},
    ).df()


def deals(db: duckdb.DuckDBPyConnection, manager: str, last: dt.date, most: int) -> pd.DataFrame:
    """One row per open deal of a manager and everybody below that should close by a day.

    The `most` largest ones, by owner; those past due are among them, those omitted are not.
    `warnings` says in words what endangers a deal.
    """
    return db.execute(
        f"""
        with recursive

        member as (

            select $manager as user_key

            union

            select dim_user.user_key
            from marts.dim_user
            inner join member on dim_user.manager_key = member.user_key

        ),

        score as (

            select opportunity_key, win_chance, expected_close_date
            from marts.fct_opportunity_score
            inner join marts.fct_forecast_run using (forecast_run_id)
            where {OF_NEWEST_RUN}

        ),

        largest as (

            select
                user_name as owner_name,
                opportunity_name,
                amount,
                win_chance,
                close_date,
                expected_close_date,
                push_count,
                days_in_stage,
                health.forecast_category,
                health.stage_name,
                concat_ws(
                    '; ',
                    if(is_past_due, format('past due for {{}} days', past_due_days), null),
                    if(
                        is_stuck,
                        format('stuck: won ones go on in {{:.0f}} days', stage_won_days_p75),
                        null
                    ),
                    if(is_silent, format('silent for {{}} days', silent_days), null),
                    if(is_single_contact, 'a single contact', null),
                    if(is_amount_cut, 'amount was cut', null),
                    if(is_stage_regressed, 'went back a stage', null)
                ) as warnings,
                opportunity_key
            from marts.mart_deal_health as health
            left join marts.dim_user on health.owner_key = user_key
            left join score using (opportunity_key)
            where health.owner_key in (select user_key from member)
                and close_date <= $last
                and health.forecast_category is distinct from 'Omitted'
            order by amount desc nulls last, opportunity_key
            limit $most

        )

        select * from largest order by owner_name, amount desc nulls last, opportunity_key
        """,
        {"manager": manager, "last": last, "most": most},
    ).df()
