"""The published database in a few lines: what is in it, and what needs attention."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import duckdb


@dataclass(frozen=True)
class QuarterForecast:
    """What the company is forecast to book in a fiscal quarter, in ``currency``."""

    quarter_start_date: dt.date
    currency: str
    won_amount: Decimal
    mean_amount: Decimal
    p10_amount: Decimal | None
    p90_amount: Decimal | None
    method: str

    def __str__(self) -> str:
        said = (
            f"{self.currency} {self.mean_amount:,.0f} in the quarter from {self.quarter_start_date}"
        )
        if self.won_amount == self.mean_amount:
            return f"{said}, all of it won"
        if self.p10_amount is None or self.p90_amount is None:
            interval = "no interval: too little history"
        else:
            interval = f"80 % between {self.p10_amount:,.0f} and {self.p90_amount:,.0f}"
        return f"{said}, {interval}; {self.won_amount:,.0f} won so far; by {self.method}"


@dataclass(frozen=True)
class Attention:
    """Something in the data that a person should look at."""

    what: str
    where: str
    why: str


def publication_facts(published: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The newest publication, by label."""
    found = published.execute(
        """
        select version, as_of_date, published_at from ops.publication
        order by version desc limit 1
        """
    ).fetchone()
    if found is None:
        return {}
    version, as_of, published_at = found
    (tables,) = published.execute(
        "select count(*) from duckdb_tables() where schema_name = 'marts'"
    ).fetchone() or (0,)
    return {
        "Version": f"{version}, published {published_at:%Y-%m-%d %H:%M} UTC",
        "As of": str(as_of),
        "Tables": f"{tables} in schema marts",
    }


def attention(published: duckdb.DuckDBPyConnection) -> list[Attention]:
    """Everything that a person should look at, the most pressing first."""
    return [
        *rejected_files(published),
        *failed_checks(published),
        *quarantined_rows(published),
    ]


def quarter_forecasts(published: duckdb.DuckDBPyConnection, currency: str) -> list[QuarterForecast]:
    """The company's forecast of the fiscal quarter in progress and of the next, as published.

    Args:
        published: the published database.
        currency: the reporting currency, which the amounts are in.
    """
    rows = published.execute(
        """
        select period_start_date, won_amount, mean_amount, p10_amount, p90_amount, method
        from marts.fct_forecast
        inner join marts.fct_forecast_run using (forecast_run_id)
        where is_current and is_published
            and node_type = 'company' and period_type = 'quarter' and horizon <= 1
            and fct_forecast.as_of_date
            = (select as_of_date from ops.publication order by version desc limit 1)
        order by period_start_date
        """
    ).fetchall()
    return [
        QuarterForecast(start, currency, won, mean, p10, p90, method)
        for start, won, mean, p10, p90, method in rows
    ]


def rejected_files(published: duckdb.DuckDBPyConnection) -> list[Attention]:
    """Files of landing that were refused and neither mended nor acknowledged."""
    rows = published.execute(
        """
        select file_name, error from ops.load_ledger
        where status = 'rejected' and not is_acknowledged
        order by file_name
        """
    ).fetchall()
    return [Attention("rejected file", name, error) for name, error in rows]


def quarantined_rows(published: duckdb.DuckDBPyConnection) -> list[Attention]:
    """Refused rows by object that no later extract mends, with their most frequent reason."""
    rows = published.execute(
        """
        select
            source || '/' || object as object,
            count(distinct (file_name, line_number)) as row_count,
            mode(reason) as reason
        from (select *, unnest(reasons) as reason from ops.quarantined_row where not is_mended)
        group by all
        order by all
        """
    ).fetchall()
    return [Attention(f"{count} quarantined", name, reason) for name, count, reason in rows]


def failed_checks(published: duckdb.DuckDBPyConnection) -> list[Attention]:
    """Checks that did not pass when the published version was audited."""
    rows = published.execute(
        """
        select severity, table_name, check_name, failed_count from ops.check_result
        where run_id = (select run_id from ops.publication order by version desc limit 1)
            and status != 'passed'
        order by all
        """
    ).fetchall()
    return [
        Attention(severity, table, f"{check}: {count} rows")
        for severity, table, check, count in rows
    ]
