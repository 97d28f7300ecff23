"""From spend to won revenue, by channel and campaign, and by each attribution model."""

from __future__ import annotations

import datetime as dt

import duckdb
import pandas as pd

MODELS = ("first", "last", "linear", "position", "w_shaped", "time_decay", "markov")
"""Attribution models, as the marts' columns name them."""

_COUNTS = ("lead", "mql", "sql", "opportunity", "won", "new_customer")
_SUMS = (
    ["cast(sum(spend_amount) as decimal(18, 2)) as spend_amount"]
    + [f"cast(sum({name}_count) as bigint) as {name}_count" for name in _COUNTS]
    + ["sum(pipeline_amount) as pipeline_amount", "sum(won_amount) as won_amount"]
    + [
        "sum(spend_amount) / nullif(sum(lead_count), 0) as cost_per_lead",
        "sum(spend_amount) / nullif(sum(opportunity_count), 0) as cost_per_opportunity",
        "sum(spend_amount) / nullif(sum(new_customer_count), 0) as cac",
    ]
)
_ATTRIBUTED = [
    f"sum(attributed_won_amount_{model}) as attributed_won_amount_{model}" for model in MODELS
]
_RETURNS = [
    f"sum(attributed_won_amount_{model}) / nullif(sum(spend_amount), 0) as roas_{model}"
    for model in MODELS
]


def whole(db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row: all channels in a span of months, with the parts of each ratio added up first."""
    return _performance(db, "mart_channel_performance", [], first, last)


def channels(db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row per channel in a span of months, the one with most attributed revenue first."""
    return _performance(db, "mart_channel_performance", ["channel"], first, last)


def campaigns(db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row per campaign in a span of months, the one with most attributed revenue first."""
    named = ["campaign_name", "campaign_type", "channel", "campaign_key"]
    return _performance(db, "mart_campaign_performance", named, first, last)


def _performance(
    db: duckdb.DuckDBPyConnection, mart: str, named: list[str], first: dt.date, last: dt.date
) -> pd.DataFrame:
    listed = ", ".join([*named, *_SUMS, *_ATTRIBUTED, *_RETURNS])
    return db.execute(
        f"""
        select {listed}
        from marts.{mart}
        where month_start_date between $first and $last
        {f"group by {', '.join(named)}" if named else "having count(*) > 0"}
        order by {", ".join(["attributed_won_amount_linear desc, spend_amount desc", *named])}
        """,
        {"first": first, "last": last},
    ).df()


def lead_funnel(db: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """One row per lead source, for the people who became leads in a span of months."""
    return db.execute(
        """
        select
            lead_source,
            cast(sum(lead_count) as bigint) as lead_count,
            cast(sum(responded_count) as bigint) as responded_count,
            cast(sum(mql_count) as bigint) as mql_count,
            cast(sum(sql_count) as bigint) as sql_count,
            cast(sum(opportunity_count) as bigint) as opportunity_count,
            cast(sum(won_count) as bigint) as won_count
        from marts.mart_lead_funnel
        where cohort_month_start_date between $first and $last
        group by lead_source
        order by lead_count desc, lead_source
        """,
        {"first": first, "last": last},
    ).df()
