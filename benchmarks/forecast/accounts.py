"""Accounts of a public company: their reps' forecasts shared as the product shares them.

At each tested origin the method, how it is made to agree, and the way to share are those that did
best at origins whose truth was known by then.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast.judging import NAIVE, Origin, chosen
from benchmarks.forecast.series import SHORTEST, STEPS, as_inputs
from orchestration.forecast.account_rows import share_out, unlisted_shares
from orchestration.forecast.combine import outlooks
from orchestration.forecast.methods import SEASONAL_NAIVE
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import QuarterPlaces, month_of, periods_ahead
from orchestration.forecast.series import known_deals


@dataclass(frozen=True)
class Judged:
    """The error over all accounts, tested origins and steps."""

    wape: float
    naive: float
    accounts: int


def run(folder: Path, origins: Sequence[Origin], tested: Sequence[int]) -> Judged:
    """Forecast the accounts of the reseller company.

    Args:
        folder: Where the public data sets are.
        origins: What was forecast of its reps, by which the method is chosen.
        tested: The origins to judge.
    """
    orders = pd.read_csv(folder / "adventureworks_reseller" / "FactResellerSales.csv")
    orders = orders.assign(
        period=pd.PeriodIndex(pd.to_datetime(orders["OrderDate"]), freq="M"),
        owner_key=orders["EmployeeKey"].astype(str),
        account_key=orders["ResellerKey"].astype(str),
    )
    sums = orders.groupby(["owner_key", "account_key", "period"])["SalesAmount"].sum()
    inputs = as_inputs(sums.rename("amount").reset_index())
    first = orders["period"].min()
    past: list[Made] = []
    missed = missed_by_naive = size = 0.0
    accounts = 0
    for complete in range(SHORTEST, max(tested) + 1):
        end: dt.date = (first + complete - 1).to_timestamp(how="end").date()
        made = make(inputs, end, QuarterPlaces(1), past)
        if complete in tested:
            then = dataclasses.replace(inputs, as_of=end, booked=known_deals(inputs, end))
            way = chosen(origins, complete)
            method, reconciliation = (
                way.split(", ") if way != NAIVE else (SEASONAL_NAIVE, "bottom_up")
            )
            shares, _ = share_out(then, past, periods_ahead(end, 1), method, reconciliation)
            outlook = outlooks(made)[reconciliation, method]
            to_come = shares.to_come(made, outlook, unlisted_shares(then, made, past))
            month = month_of(end)
            came = made.accounts.sums(inputs.booked, range(month + 1, month + 1 + STEPS))
            ahead = slice(1, 1 + STEPS)
            missed += float(np.abs(to_come[method][:, ahead] - came).sum())
            missed_by_naive += float(np.abs(to_come[SEASONAL_NAIVE][:, ahead] - came).sum())
            size += float(np.abs(came).sum())
            accounts = max(accounts, int((~made.accounts.is_rest).sum()))
        past.insert(0, made)
    return Judged(missed / size, missed_by_naive / size, accounts)
