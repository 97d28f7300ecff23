"""What every page needs to know: the day, the teams, the periods, the currencies, the meanings."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import duckdb
import pandas as pd


def publication(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The newest publication and its as-of date, in one row; none where no extract was loaded."""
    return db.execute(
        """
        select version, calendar_date as as_of_date, published_at
        from ops.publication
        cross join marts.dim_date
        where is_as_of_date
        order by version desc
        limit 1
        """
    ).df()


def teams(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per manager, from the top of the tree down: `user_key`, `user_name`, `is_top`."""
    return db.execute(
        """
        with recursive

        placed as (

            select user_key, [user_name] as place
            from marts.dim_user
            where manager_key is null
                or manager_key not in (select user_key from marts.dim_user)

            union all

            select dim_user.user_key, list_append(placed.place, dim_user.user_name)
            from marts.dim_user
            inner join placed on dim_user.manager_key = placed.user_key

        )

        select
            user_key,
            user_name
                || case
                    when count(*) over (partition by user_name) > 1 then ' ' || user_key
                    else ''
                end
                as user_name,
            len(place) = 1 as is_top
        from placed
        inner join marts.dim_user using (user_key)
        where user_key in (select manager_key from marts.dim_user)
        order by place, user_key
        """
    ).df()


def members(db: duckdb.DuckDBPyConnection, team: str) -> pd.DataFrame:
    """One row per `user_key` in a team as the tree stands: the manager and everybody below."""
    return db.execute(
        """
        with recursive

        member as (

            select $team as user_key

            union

            select dim_user.user_key
            from marts.dim_user
            inner join member on dim_user.manager_key = member.user_key

        )

        select user_key from member order by user_key
        """,
        {"team": team},
    ).df()


def periods(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per quarter, year and month for which there are figures, the newest of a kind first.

    `label` names it by fiscal quarter and year, or by calendar month.
    """
    return db.execute(
        """
        with

        as_of as (select calendar_date from marts.dim_date where is_as_of_date),

        days as (

            select dim_date.*
            from marts.dim_date
            cross join as_of
            where dim_date.calendar_date <= as_of.calendar_date
                and dim_date.calendar_date >= coalesce(
                    (select min(period_start_date) from marts.mart_rep_performance),
                    as_of.calendar_date
                )

        )

        select distinct on (kind, period_start_date)
            period_type, period_start_date, period_end_date, label
        from (
            select 1 as kind, 'quarter' as period_type,
                fiscal_quarter_start_date as period_start_date,
                fiscal_quarter_end_date as period_end_date,
                format('{} Q{}', fiscal_year_number, fiscal_quarter_number) as label
            from days
            union all
            select 2, 'year', fiscal_year_start_date, fiscal_year_end_date,
                format('Year {}', fiscal_year_number)
            from days
            union all
            select 3, 'month', month_start_date, month_end_date,
                strftime(month_start_date, '%Y-%m')
            from days
        )
        order by kind, period_start_date desc
        """
    ).df()


def newest_over(
    db: duckdb.DuckDBPyConnection, period_type: Literal["week", "month"]
) -> pd.DataFrame:
    """One row: the newest period of a kind that is over, and the fiscal quarter in which it ends.

    None where no extract was loaded.
    """
    return db.execute(
        f"""
        select
            as_of.calendar_date as as_of_date,
            day.{period_type}_start_date as period_start_date,
            day.{period_type}_end_date as period_end_date,
            day.month_start_date,
            day.month_end_date,
            day.fiscal_quarter_start_date,
            day.fiscal_quarter_end_date
        from marts.dim_date as day
        inner join marts.dim_date as as_of
            on as_of.is_as_of_date and day.calendar_date <= as_of.calendar_date
        where day.calendar_date = day.{period_type}_end_date
        order by day.calendar_date desc
        limit 1
        """
    ).df()


def next_quarter(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row: the fiscal quarter of the day after the as-of date, the one still to be sold."""
    return db.execute(
        """
        select
            as_of.calendar_date as as_of_date,
            day.fiscal_quarter_start_date as period_start_date,
            day.fiscal_quarter_end_date as period_end_date
        from marts.dim_date as day
        inner join marts.dim_date as as_of
            on as_of.is_as_of_date and day.calendar_date = as_of.calendar_date + 1
        """
    ).df()


def period_names(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per month and fiscal quarter: its `period_type`, first day and `period`, its name."""
    return db.execute(
        """
        select distinct
            'month' as period_type,
            month_start_date as period_start_date,
            strftime(month_start_date, '%Y-%m') as period
        from marts.dim_date

        union all

        select distinct
            'quarter',
            fiscal_quarter_start_date,
            format('{} Q{}', fiscal_year_number, fiscal_quarter_number)
        from marts.dim_date
        """
    ).df()


def rates(db: duckdb.DuckDBPyConnection, day: dt.date) -> pd.DataFrame:
    """One row per currency that can be shown: `currency_code`, and its units per reporting unit."""
    return db.execute(
        """
        select currency_code, cast(rate / reporting_rate as double) as rate
        from marts.fct_exchange_rate
        where reporting_rate > 0
            and $day >= valid_from_date
            and ($day < valid_to_date or valid_to_date is null)
        order by currency_code
        """,
        {"day": day},
    ).df()


def meanings(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What each table (`column_name` '') and column holds, in the words of the database."""
    return db.execute(
        """
        select table_name, column_name, comment from duckdb_columns()
        where schema_name in ('marts', 'ops') and comment is not null
        union all
        select table_name, '', comment from duckdb_tables()
        where schema_name in ('marts', 'ops') and comment is not null
        union all
        select function_name, '', comment from duckdb_functions()
        where schema_name = 'marts' and comment is not null
        """
    ).df()
