"""Everything a run says, worked out from its inputs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from orchestration.company import Company
from orchestration.forecast import tables
from orchestration.forecast.account_rows import (
    Shares,
    account_forecasts,
    share_out,
    unlisted_shares,
)
from orchestration.forecast.accuracy import Choice, accuracy_rows, choose
from orchestration.forecast.backtest import backtest
from orchestration.forecast.combine import outlook_of
from orchestration.forecast.deals import without_rate
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.methods import SEASON, SEASONAL_NAIVE
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import (
    QuarterPlaces,
    day_number,
    first_day,
    periods_ahead,
)
from orchestration.forecast.present import forecast_rows
from orchestration.forecast.season import SHORTEST_SEASONAL
from orchestration.forecast.series import Snapshot, snapshot
from orchestration.forecast.split import open_shares
from orchestration.forecast.summary import summary_rows

SHORTEST_HISTORY = 3
"""Complete months it takes to forecast anything."""


def compute(
    inputs: Inputs, company: Company, on_progress: Callable[[str], None]
) -> dict[str, pd.DataFrame]:
    """The rows of each table, but for the columns that name the run and its duration."""
    known = snapshot(inputs, inputs.as_of)
    if known.months < SHORTEST_HISTORY:
        note = (
            f"No forecast: it takes {SHORTEST_HISTORY} complete months from the first won deal on,"
            f" and there are {known.months}."
        )
        return {tables.RUN: _run_row(inputs, known, status="no_history", note=note)}

    periods = periods_ahead(inputs.as_of, company.fiscal_year_start_month)
    quarters = QuarterPlaces(company.fiscal_year_start_month)
    cases, past = backtest(inputs, known, periods, quarters, on_progress)
    choice = choose(cases)
    cases = cases[cases["reconciliation"] == choice.reconciliation]
    on_progress(f"forecasting as of {inputs.as_of}")
    newest = make(inputs, inputs.as_of, quarters, past)
    made = {method: outlook_of(newest, choice.reconciliation, method) for method in newest.members}
    shares = open_shares(newest, inputs)
    sharing, of_accounts = share_out(inputs, past, periods, choice.method, choice.reconciliation)
    cases = pd.concat([cases, of_accounts], ignore_index=True)
    to_come = sharing.to_come(newest, made[choice.method], unlisted_shares(inputs, newest, past))
    accounts = account_forecasts(newest, sharing, to_come, periods)
    forecasts = forecast_rows(known, made, periods, shares, accounts, cases, choice.method)
    scores = accuracy_rows(cases, past, choice.method)
    run = _run_row(
        inputs,
        known,
        status="naive" if choice.method == SEASONAL_NAIVE else "forecast",
        note=_note(inputs, newest, choice, sharing, forecasts),
        published_method=choice.method,
        reconciliation=choice.reconciliation,
        origin_count=cases["age"].nunique(),
        node_count=len(forecasts[["node_type", "node_key"]].drop_duplicates()),
    )
    return {
        tables.RUN: run,
        tables.FORECAST: forecasts,
        tables.ACCURACY: scores,
        tables.SUMMARY: summary_rows(
            inputs,
            known,
            periods,
            forecasts,
            scores,
            managers_replace=company.manager_quota == "rollup",
        ),
    }


def _run_row(inputs: Inputs, known: Snapshot, **said: object) -> pd.DataFrame:
    won = inputs.versions[inputs.versions["known_to"].isna()]
    cents = won["cents"].abs()
    row = {
        "is_current": True,
        "is_reconstructed": (
            inputs.first_extract_date is not None and inputs.as_of < inputs.first_extract_date
        ),
        "published_method": None,
        "reconciliation": None,
        "history_start_date": first_day(int(known.history.columns[0])) if known.months else None,
        "history_month_count": known.months,
        "origin_count": 0,
        "node_count": 0,
        "assumed_amount_share": (
            float(cents[won["is_assumed"]].sum() / cents.sum()) if cents.sum() else None
        ),
    }
    return pd.DataFrame([row | said])


def _note(
    inputs: Inputs, newest: Made, choice: Choice, sharing: Shares, forecasts: pd.DataFrame
) -> str:
    said = [f"Published is {choice.reason}"]
    if newest.market_skill is not None:
        kept = "part of the stack" if newest.market_skill > 0 else "left out of the stack"
        said.append(
            f"The market index is {kept}: it made the median's error {-newest.market_skill:+.0%}"
        )
    if choice.method != SEASONAL_NAIVE:
        told = "" if sharing.skill is None else f", whose skill is {sharing.skill:+.0%}"
        said.append(f"Accounts share what their reps should book by {sharing.way}{told}")
    if inputs.first_extract_date is not None and inputs.as_of < inputs.first_extract_date:
        said.append(
            f"Nothing was extracted before {inputs.first_extract_date}: states of then are rebuilt"
            " from the history that the CRM kept"
        )
    if not forecasts["mean_amount"].any():
        said.append("Nothing was booked in the last 12 months, so nothing is expected")
    months = newest.snapshot.months
    if months < SEASON:
        said.append("Within the first year there is no month a year ago: the naive is the average")
    elif months < SHORTEST_SEASONAL:
        said.append("Within the first two years no season can be seen")
    missing = without_rate(inputs.deals, inputs.rates, day_number(inputs.as_of))
    if missing:
        said.append(
            f"Deals in {', '.join(missing)} count for nothing, as no exchange rate is known"
        )
    if forecasts["p10_amount"].isna().any():
        said.append("Where past errors are too few there is no interval")
    return ". ".join(said) + "."
