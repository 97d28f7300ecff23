"""The forecast's tables in the warehouse: their columns, what these mean, and how they are kept."""

from __future__ import annotations

import datetime as dt

import duckdb
import pandas as pd

from orchestration.forecast.scores.tables import SCORE_TABLES
from orchestration.forecast.summary_table import SUMMARY as SUMMARY_TABLE
from orchestration.forecast.table import AS_OF, RUN_ID, Column, Table

RUN, FORECAST = "fct_forecast_run", "fct_forecast"
SUMMARY, ACCURACY = "mart_forecast_summary", "mart_forecast_accuracy"

LEVEL = (
    "'company', 'region' (of the reps, where any has one), 'team' (a manager with everybody "
    "below), 'rep', or 'account' (by the published method and the naive only)."
)

TABLES = {
    RUN: Table(
        "One row per forecast run: a date, the data as they were, and the code that forecast them. "
        "The same three give the same run again. started_at and duration_seconds are operational.",
        {
            "forecast_run_id": Column("varchar not null", "Primary key."),
            "as_of_date": AS_OF,
            "is_current": Column(
                "boolean not null", "Whether it is the run that counts for its as-of date."
            ),
            "is_reconstructed": Column(
                "boolean not null",
                "Whether the as-of date lies before the first extract, so that states of then are "
                "rebuilt from the history that the CRM kept.",
            ),
            "status": Column(
                "varchar not null",
                "'forecast': a tested method is published; 'naive': the seasonal naive (within the "
                "first year the average) is, as nothing was seen to beat it; 'no_history': there "
                "are too few months to say anything, and no forecasts.",
            ),
            "note": Column("varchar not null", "What a reader should know of the run."),
            "published_method": Column(
                "varchar", "The method whose rows are published; NULL without forecasts."
            ),
            "reconciliation": Column(
                "varchar",
                "How reps and company were made to agree: 'bottom_up', 'top_down', 'mint_ols' or "
                "'mint_shrink'; NULL without forecasts.",
            ),
            "history_start_date": Column("date", "First day of the first month with a booking."),
            "history_month_count": Column("integer not null", "Complete months from then on."),
            "origin_count": Column(
                "integer not null",
                "Past origins that the methods were tested at.",
            ),
            "node_count": Column("integer not null", "Nodes that were forecast."),
            "assumed_amount_share": Column(
                "double",
                "Share (0-1, by amount) of the won deals whose moment of closing nobody recorded: "
                "for them the backtest takes the close date. NULL without won deals.",
            ),
            "code_version": Column("varchar not null", "Hash of the forecast's own code."),
            "input_fingerprint": Column("varchar not null", "Hash of all that was read."),
            "settings": Column("varchar not null", "Choices and library versions, as JSON."),
            "started_at": Column("timestamp not null", "Operational: UTC, by the clock."),
            "duration_seconds": Column("double not null", "Operational: how long it took."),
        },
        ("forecast_run_id",),
    ),
    FORECAST: Table(
        "One row per run, node, period and method: what the node is forecast to book. Filter on "
        "is_published for one row per node and period. The reps' amounts add up to the company's; "
        "what is still to come (mean less won) adds up from reps to teams and regions too.",
        {
            "forecast_run_id": RUN_ID,
            "as_of_date": AS_OF,
            "node_type": Column("varchar not null", LEVEL),
            "node_key": Column(
                "varchar not null",
                "A user key, an account key, a region's name, or 'company'; 'none:' and a user key "
                "for what that rep books with accounts not known yet, or without any.",
            ),
            "period_type": Column("varchar not null", "'month' or 'quarter' (fiscal)."),
            "period_start_date": Column("date not null", "First day of the period."),
            "horizon": Column("integer not null", "Periods ahead; 0 is the one in progress."),
            "method": Column(
                "varchar not null",
                "seasonal_naive, theta, ets, median_ensemble, pipeline, stack; market, where there "
                "is a market index; submitted, where anybody submits forecasts.",
            ),
            "is_published": Column(
                "boolean not null", "Whether it is the forecast to use; one method per period is."
            ),
            "mean_amount": Column(
                "decimal(18, 2) not null",
                "Expected bookings of the whole period, in the reporting currency.",
            ),
            "p10_amount": Column(
                "decimal(18, 2)",
                "Exceeded with a chance of 90 %; NULL until there are enough past errors.",
            ),
            "p50_amount": Column("decimal(18, 2)", "Exceeded with a chance of 50 %; NULL as p10."),
            "p90_amount": Column("decimal(18, 2)", "Exceeded with a chance of 10 %; NULL as p10."),
            "won_amount": Column(
                "decimal(18, 2)",
                "Of the mean, what is booked; by the tree as of each close. NULL unless published.",
            ),
            "open_amount": Column(
                "decimal(18, 2)",
                "Of the mean, what deals that exist at the as-of date should bring: the part that "
                "today's open deals have in all that deals should bring. NULL unless published.",
            ),
            "new_amount": Column(
                "decimal(18, 2)",
                "Of the mean, what deals not yet created should bring. NULL unless published.",
            ),
            "model": Column("varchar not null", "What really made the row."),
        },
        (
            "forecast_run_id",
            "node_type",
            "node_key",
            "period_type",
            "period_start_date",
            "method",
        ),
    ),
    ACCURACY: Table(
        "One row per run, level, period type, horizon and method: how good forecasts and scores "
        "made the same way were at past origins.",
        {
            "forecast_run_id": RUN_ID,
            "as_of_date": AS_OF,
            "node_type": Column(
                "varchar not null", f"{LEVEL} Of the scores, 'opportunity' or 'lead'."
            ),
            "node_key": Column(
                "varchar",
                "The rep, or the manager of the team, whose submissions alone are judged; NULL for "
                "all nodes of the level.",
            ),
            "period_type": Column(
                "varchar not null",
                "'month', or 'quarter': three months that lie from the origin as a fiscal quarter "
                "lies from the as-of date; of scores 'days'.",
            ),
            "horizon": Column(
                "integer not null",
                "Periods ahead, 0 being the one in progress; of scores, the days within which a "
                "chance says that something comes.",
            ),
            "method": Column(
                "varchar not null",
                "As in fct_forecast; for single people 'submitted' or 'adjusted' (by the managers "
                "above); of scores 'model' or 'rule'.",
            ),
            "is_published": Column("boolean not null", "Whether the run publishes this method."),
            "origin_count": Column("integer not null", "Past origins."),
            "forecast_count": Column("integer not null", "Forecasts judged: origins x nodes."),
            "interval_count": Column(
                "integer not null", "Of these, those that had an interval at their time."
            ),
            "wape": Column(
                "double", "Sum of absolute errors / sum of actuals; NULL where nothing was booked."
            ),
            "mase": Column(
                "double",
                "Mean of absolute error / the node's mean change against the year before; below 1 "
                "is better than repeating last year.",
            ),
            "bias": Column(
                "double", "Sum of (forecast - actual) / sum of actuals: above 0 is too optimistic."
            ),
            "interval_coverage": Column(
                "double",
                "Share (0-1) of actuals between p10 and p90, calibrated on what was known at each "
                "origin; 0.8 is right. NULL without intervals.",
            ),
            "pinball_loss": Column(
                "double",
                "Mean quantile loss at 0.1, 0.5 and 0.9 / mean actual; smaller is better.",
            ),
            "skill": Column(
                "double", "1 - wape / the seasonal naive's: above 0 is better than the naive."
            ),
            "auc": Column(
                "double",
                "Of scores: how often what came had a better chance than what did not; 0.5 is "
                "guessing. NULL for forecasts, and where all or nothing came.",
            ),
            "brier": Column(
                "double", "Of scores: the mean squared distance of chance and outcome; 0 is best."
            ),
            "calibration_error": Column(
                "double",
                "Of scores: the mean gap between chance and share that came, over tenths in order "
                "of chance; NULL for forecasts.",
            ),
            "calibration": Column(
                "varchar",
                "Of scores, as JSON: of each tenth in order of chance the mean chance, the share "
                "that came, and how many these were; NULL for forecasts.",
            ),
        },
        ("forecast_run_id", "node_type", "node_key", "period_type", "horizon", "method"),
    ),
    SUMMARY: SUMMARY_TABLE,
    **SCORE_TABLES,
}


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables and columns that are not there yet, with the meaning of each column."""
    connection.execute("create schema if not exists marts")
    for name, table in TABLES.items():
        columns = ", ".join(f"{column} {kind.type}" for column, kind in table.columns.items())
        connection.execute(f"create table if not exists marts.{name} ({columns})")
        connection.execute(f"comment on table marts.{name} is {_quoted(table.meaning)}")
        for column, kind in table.columns.items():
            new = f"{column} {kind.type.removesuffix(' not null')}"
            connection.execute(f"alter table marts.{name} add column if not exists {new}")
            connection.execute(
                f"comment on column marts.{name}.{column} is {_quoted(kind.meaning)}"
            )


def has_run(connection: duckdb.DuckDBPyConnection, forecast_run_id: str) -> bool:
    """Whether there is a run of this id."""
    query = f"select 1 from marts.{RUN} where forecast_run_id = ?"
    return bool(connection.execute(query, [forecast_run_id]).fetchall())


def write_run(
    connection: duckdb.DuckDBPyConnection,
    forecast_run_id: str,
    as_of: dt.date,
    rows: dict[str, pd.DataFrame],
) -> None:
    """Put one run in place of what is there under its id, whole or not at all.

    Args:
        connection: The warehouse.
        forecast_run_id: The run.
        as_of: Its date.
        rows: Rows by table, with the columns of `TABLES` but for the run's id and date; a table
            that is not among them has no rows, a column no values.
    """
    connection.begin()
    try:
        for name, table in TABLES.items():
            connection.execute(
                f"delete from marts.{name} where forecast_run_id = ?", [forecast_run_id]
            )
            if name in rows:
                named = rows[name].assign(forecast_run_id=forecast_run_id, as_of_date=as_of)
                ordered = named.reindex(columns=list(table.columns)).sort_values(list(table.key))
                connection.register("new_rows", ordered)
                connection.execute(f"insert into marts.{name} by name select * from new_rows")
                connection.unregister("new_rows")
        make_current(connection, forecast_run_id)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def make_current(connection: duckdb.DuckDBPyConnection, forecast_run_id: str) -> None:
    """Let this run be the one that counts for its as-of date."""
    connection.execute(
        f"""
        update marts.{RUN} set is_current = (forecast_run_id = $run)
        where as_of_date = (select as_of_date from marts.{RUN} where forecast_run_id = $run)
            and is_current <> (forecast_run_id = $run)
        """,
        {"run": forecast_run_id},
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
