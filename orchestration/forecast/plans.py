"""What is held against a forecast: quotas, what open deals are said to become, and win rates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.forecast.hierarchy import UNASSIGNED

QUOTAS = """
    select
        owner_key,
        extract(year from month_start_date) * 12 + extract(month from month_start_date) - 1
            as month,
        cast(sum(amount) as double) as amount
    from marts.fct_quota
    where is_current and quota_type = 'bookings' and owner_key is not null
    group by owner_key, month
    having sum(amount) is not null
    order by owner_key, month
"""

OPEN_DEALS = """
    select
        coalesce(owner_key, $unassigned) as owner_key,
        account_key,
        forecast_category,
        extract(year from close_date) * 12 + extract(month from close_date) - 1 as month,
        cast(sum(amount) as double) as amount
    from marts.fct_opportunity
    where not is_closed and close_date is not null and amount is not null
        and forecast_category in ('Commit', 'Most Likely', 'Best Case')
    group by all
    order by all
"""

CLOSED = """
    select
        cast(coalesce(sum(amount) filter (where is_won), 0) as double) as won_amount,
        cast(coalesce(sum(amount), 0) as double) as closed_amount
    from marts.fct_opportunity
    where is_closed and close_date > $as_of - 365 and close_date <= $as_of
"""


@dataclass(frozen=True)
class Plans:
    """What is planned, as known at the as-of date. Amounts are in the reporting currency.

    ``quotas`` has the amount of each ``owner_key`` and ``month``, ``open_deals`` those of each
    ``owner_key``, ``account_key``, ``forecast_category`` and ``month`` of the close date;
    ``closed`` is one row, the ``won_amount`` of the ``closed_amount`` of the last 365 days.
    """

    quotas: pd.DataFrame
    open_deals: pd.DataFrame
    closed: pd.DataFrame

    @property
    def win_rate(self) -> float | None:
        """The share of what closed that was won, by amount; None where nothing was."""
        won, closed = (float(self.closed[name].sum()) for name in ("won_amount", "closed_amount"))
        return won / closed if won > 0 and closed > 0 else None


def read_plans(connection: duckdb.DuckDBPyConnection, as_of: dt.date) -> Plans:
    """Read what is planned from the marts as they were built for ``as_of``."""
    return Plans(
        quotas=connection.execute(QUOTAS).df(),
        open_deals=connection.execute(OPEN_DEALS, {"unassigned": UNASSIGNED}).df(),
        closed=connection.execute(CLOSED, {"as_of": as_of}).df(),
    )
