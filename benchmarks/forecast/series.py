"""Monthly sales of public companies, forecast by the product from the end of each month.

Every series is a rep of a company that has no deals but its monthly sums, and is read as the
product reads its marts: so the forecasts are the product's own, origin by origin.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from benchmarks.forecast.judging import FloatArray, Origin
from orchestration.forecast.backtest import at_least, usual_month
from orchestration.forecast.combine import outlooks
from orchestration.forecast.hierarchy import COMPANY, ReportingLines
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import QuarterPlaces, first_day
from orchestration.forecast.plans import Plans

SHORTEST = 12
"""Complete months before the first origin."""
STEPS = 3
DEAL_COLUMNS = [
    *("opportunity_key", "owner_key", "price_group", "account_key", "stage_name"),
    *("is_closed", "is_won", "is_assumed", "currency_code", "amount_original", "cents_at_close"),
    *("known_day", "ended_day", "close_day"),
]


SUBMISSION_COLUMNS = [
    *("user_key", "forecasting_type_key", "month", "forecast_category", "is_cumulative"),
    *("is_of_family", "submitted", "adjusted", "valid_from", "valid_to"),
]


def reseller(folder: Path, by: str) -> pd.DataFrame:
    """Reseller sales by rep, territory or account: a row per node, a column per month."""
    orders = pd.read_csv(folder / "adventureworks_reseller" / "FactResellerSales.csv")
    months = pd.PeriodIndex(pd.to_datetime(orders["OrderDate"]), freq="M")
    return _monthly(orders[by].astype(str), months, orders["SalesAmount"])


def superstore(folder: Path) -> pd.DataFrame:
    """Superstore sales by region and category."""
    orders = pd.read_csv(folder / "superstore" / "superstore.csv").dropna(subset=["Order ID"])
    months = pd.PeriodIndex(pd.to_datetime(orders["Order Date"], format="%m/%d/%Y"), freq="M")
    nodes = orders["Region"] + " / " + orders["Category"]
    sales = orders["Sales"].astype(str).str.replace(",", "").astype(float)
    return _monthly(nodes, months, sales)


def _monthly(nodes: pd.Series, months: pd.PeriodIndex, amounts: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"node": nodes.to_numpy(), "month": months, "amount": amounts.to_numpy()})
    sums = frame.pivot_table("amount", "node", "month", aggfunc="sum")
    every = pd.period_range(months.min(), months.max(), freq="M")
    return sums.reindex(columns=every).fillna(0.0).sort_index()


def origins_of(monthly: pd.DataFrame) -> list[Origin]:
    """Everything forecast from the end of each month with enough before it, oldest first."""
    sums = monthly.rename_axis("owner_key").rename_axis("period", axis=1).stack()
    inputs = as_inputs(sums.rename("amount").reset_index().assign(account_key=None))
    past: list[Made] = []
    origins = []
    width = monthly.shape[1]
    for complete in range(SHORTEST, width - STEPS + 1):
        end = monthly.columns[complete - 1].to_timestamp(how="end").date()
        made = make(inputs, end, QuarterPlaces(1), past)
        past.insert(0, made)
        came = monthly.to_numpy()[:, complete : complete + STEPS]
        origins.append(
            Origin(
                at=complete,
                known_at=complete + STEPS,
                forecasts={
                    f"{method}, {name}": _by_node(monthly, outlook.to_come)
                    for (name, method), outlook in outlooks(made).items()
                    if method != "pipeline"  # without deals it is the median ensemble once more
                }
                | {"seasonal_naive": _naive(monthly, complete)},
                came=np.vstack([came.sum(axis=0), came]),
                scale=_scale(made, monthly.index),
            )
        )
    return origins


def _scale(made: Made, nodes: pd.Index) -> FloatArray:
    """The product's size of each node's month, the company first; who is not known has a rep's."""
    known = pd.Series(usual_month(made.snapshot), index=made.snapshot.nodes)
    reps = at_least(known.loc["rep"].reindex(nodes, fill_value=0.0).to_numpy())
    return np.concatenate([[known[COMPANY]], reps])


def _naive(monthly: pd.DataFrame, complete: int) -> FloatArray:
    year_ago = monthly.to_numpy()[:, complete - 12 : complete - 12 + STEPS]
    return np.vstack([year_ago.sum(axis=0), year_ago])


def _by_node(monthly: pd.DataFrame, to_come: pd.DataFrame) -> FloatArray:
    ahead = range(1, STEPS + 1)
    reps = to_come.loc["rep"].reindex(monthly.index, fill_value=0.0)[ahead]
    return np.vstack([to_come.loc[COMPANY][ahead].to_numpy(), reps.to_numpy()])


def as_inputs(sums: pd.DataFrame) -> Inputs:
    """The inputs of a company that has nothing but monthly sums, each as one deal.

    Args:
        sums: ``amount`` by ``owner_key``, ``account_key`` (or None) and ``period``.
    """
    sums = sums[sums["amount"] != 0].reset_index(drop=True)
    days = sums["period"].dt.to_timestamp() + pd.Timedelta(days=14)
    versions = pd.DataFrame(
        {
            "opportunity_key": sums.index.astype(str),
            "owner_key": sums["owner_key"],
            "account_key": sums["account_key"],
            "closed_at": days,
            "close_date": days,
            "created_date": days,
            "known_from": days,
            "known_to": pd.NaT,
            "is_assumed": False,
            "cents": (sums["amount"] * 100).round().astype("int64"),
            "month": days.dt.year * 12 + days.dt.month - 1,
            "days_left": days.dt.days_in_month - days.dt.day,
        }
    ).reset_index(drop=True)
    people = ["user_key", "manager_key", "region", "is_active", "valid_from", "valid_to"]
    nobody = pd.DataFrame(columns=people).astype(
        {"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"}
    )
    last = int(versions["month"].max()) + 1
    return Inputs(
        as_of=first_day(last) + dt.timedelta(days=90),
        zone=ZoneInfo("UTC"),
        booked=versions,
        versions=versions,
        first_owned=versions.groupby("owner_key")["known_from"].min(),
        deals=pd.DataFrame(columns=DEAL_COLUMNS).astype(
            dict.fromkeys(("is_closed", "is_won", "is_assumed"), bool)
            | dict.fromkeys(DEAL_COLUMNS[-5:], float)
        ),
        rates=pd.DataFrame(columns=["currency_code", "factor", "from_day", "to_day"]),
        submissions=pd.DataFrame(columns=SUBMISSION_COLUMNS),
        market=pd.DataFrame(),
        plans=Plans(
            quotas=pd.DataFrame(columns=["owner_key", "month", "amount"]),
            open_deals=pd.DataFrame(
                columns=["owner_key", "account_key", "forecast_category", "month", "amount"]
            ),
            closed=pd.DataFrame(columns=["won_amount", "closed_amount"]),
        ),
        first_extract_date=None,
        lines=ReportingLines(nobody),
        fingerprint="",
    )
