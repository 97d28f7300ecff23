"""The published forecast beside what it is held against, as rows of ``mart_forecast_summary``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from orchestration.forecast.accounts import REST
from orchestration.forecast.hierarchy import ReportingLines
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.methods import SEASONAL_NAIVE
from orchestration.forecast.periods import Period, first_day, month_of
from orchestration.forecast.series import Snapshot, end_of

NODE = ["node_type", "node_key"]
PLACE = [*NODE, "period_type", "period_start_date"]
COMMITTED = ("Commit",)
HOPED_FOR = (*COMMITTED, "Most Likely", "Best Case")


def summary_rows(
    inputs: Inputs,
    known: Snapshot,
    periods: Sequence[Period],
    forecasts: pd.DataFrame,
    accuracy: pd.DataFrame,
    *,
    managers_replace: bool,
) -> pd.DataFrame:
    """Rows of ``mart_forecast_summary`` but for the columns that name the run.

    Args:
        inputs: What was read from the marts.
        known: What is known at the as-of date.
        periods: What is forecast.
        forecasts: The rows of ``fct_forecast``.
        accuracy: The rows of ``mart_forecast_accuracy``.
        managers_replace: Whether a manager's own quota stands in place of all below it; otherwise
            it adds to them.
    """
    published = forecasts[forecasts["is_published"]].rename(columns={"method": "published_method"})
    naive = forecasts[forecasts["method"] == SEASONAL_NAIVE].set_index(PLACE)["mean_amount"]
    rows = published.join(naive.rename("naive_amount"), on=PLACE)
    plans = _planned(inputs, known, periods, managers_replace=managers_replace)
    rows = rows.merge(plans, how="left", on=PLACE)
    for name in ("commit", "best_case"):
        rows[f"{name}_amount"] = rows["won_amount"] + rows[f"{name}_amount"].fillna(0.0)
    gap = rows["quota_amount"] - rows["mean_amount"]
    win_rate = inputs.plans.win_rate or np.nan
    levels = accuracy[accuracy["is_published"]]
    place = ["node_type", "period_type", "horizon"]
    return rows.assign(
        gap_amount=gap,
        needed_pipeline_amount=(gap.clip(lower=0.0) / win_rate).round(2),
        is_naive=rows["published_method"] == SEASONAL_NAIVE,
    ).merge(levels[[*place, "skill"]], how="left", on=place)


def _planned(
    inputs: Inputs, known: Snapshot, periods: Sequence[Period], *, managers_replace: bool
) -> pd.DataFrame:
    """By node and period: the quota, and what open deals and submissions add to what is booked."""
    now = month_of(inputs.as_of)
    by_month = {
        "quota": _quotas(inputs, managers_replace=managers_replace),
        "commit": _open_deals(inputs, COMMITTED),
        "best_case": _open_deals(inputs, HOPED_FOR),
        "submitted": _submitted(known),
    }
    parts = []
    for period in periods:
        months = range(now + period.first, now + period.last + 1)
        amounts = {
            f"{name}_amount": table.reindex(columns=months).sum(
                axis=1, min_count=len(months) if name == "submitted" else 1
            )
            for name, table in by_month.items()
        }
        parts.append(
            pd.DataFrame(amounts)
            .rename_axis(NODE)
            .reset_index()
            .assign(period_type=period.period_type, period_start_date=period.start_date)
        )
    return pd.concat(parts, ignore_index=True)


def _open_deals(inputs: Inputs, categories: tuple[str, ...]) -> pd.DataFrame:
    epoch = inputs.lines.epoch(end_of(inputs.as_of, inputs.zone) - pd.Timedelta(microseconds=1))
    deals = inputs.plans.open_deals
    deals = deals[deals["forecast_category"].isin(categories)]
    accounts = deals["account_key"].where(deals["account_key"].notna(), REST + deals["owner_key"])
    of_accounts = zip(accounts, deals["month"], deals["amount"], strict=True)
    rows = [("account", account, month, amount) for account, month, amount in of_accounts]
    rows += [
        (*node, month, amount)
        for owner, month, amount in _each(deals)
        for node in [("rep", owner), *inputs.lines.nodes_above(owner, epoch)]
    ]
    return _by_month(rows)


def _submitted(known: Snapshot) -> pd.DataFrame:
    said = known.submitted.reset_index()
    columns = zip(said["user_key"], said["month"], said["submitted"], strict=True)
    return _by_month((*known.node_of(user), month, amount) for user, month, amount in columns)


def _quotas(inputs: Inputs, *, managers_replace: bool) -> pd.DataFrame:
    """Quotas by the tree at each month's end, or at the as-of date where that is earlier."""
    rows: list[tuple[str, str, int, float]] = []
    for month, of_month in inputs.plans.quotas.groupby("month"):
        last_day = first_day(int(str(month)) + 1) - dt.timedelta(days=1)
        moment = end_of(min(last_day, inputs.as_of), inputs.zone) - pd.Timedelta(microseconds=1)
        epoch = inputs.lines.epoch(moment)
        replacing = frozenset(of_month["owner_key"]) if managers_replace else frozenset()
        rows += [
            (*node, of, amount)
            for owner, of, amount in _each(of_month)
            for node in _nodes_with_quota(inputs.lines, owner, epoch, replacing)
        ]
    return _by_month(rows)


def _nodes_with_quota(
    lines: ReportingLines, owner: str, epoch: int, replacing: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The nodes that a quota counts for: not those where one of a manager above replaces it."""
    above = [user for user in lines.teams_of(owner, epoch) if user != owner and user in replacing]
    replaced = {node for user in above for node in lines.nodes_above(user, epoch)}
    yield "rep", owner
    yield from (node for node in lines.nodes_above(owner, epoch) if node not in replaced)


def _each(table: pd.DataFrame) -> Iterator[tuple[str, int, float]]:
    yield from zip(table["owner_key"], table["month"], table["amount"], strict=True)


def _by_month(rows: Iterable[tuple[str, str, int, float]]) -> pd.DataFrame:
    """A row per node and a column per month, NaN where there is nothing."""
    table = pd.DataFrame(rows, columns=[*NODE, "month", "amount"])
    return table.pivot_table("amount", NODE, "month", aggfunc="sum")
