"""The forecasts of accounts: the way that shared them best at past origins, and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.accounts import OPEN_DEALS, WAYS, Accounts, naive, shared
from orchestration.forecast.backtest import at_least, yearly_change
from orchestration.forecast.combine import Outlook, outlook_of
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.members import STEPS
from orchestration.forecast.methods import SEASON, SEASONAL_NAIVE, FloatArray
from orchestration.forecast.origins import NEIGHBOURS, Made
from orchestration.forecast.periods import Period, first_open_month, month_of
from orchestration.forecast.series import KNOWN_MONTHS, known_deals

ORIGINS = 12
"""Past origins, the newest, at which the ways to share are judged."""


@dataclass(frozen=True)
class Shares:
    """How the published method's forecast is shared among accounts.

    At past origins the way erred by ``skill`` less than the naive did; None where nothing tells.
    """

    method: str
    reconciliation: str
    way: str
    skill: float | None

    def to_come(self, made: Made, outlook: Outlook, unlisted: FloatArray) -> dict[str, FloatArray]:
        """By method, what is to come of each account and rest at an origin, by month."""
        return {
            method: _to_come(made, self.way, outlook, method, unlisted)
            for method in dict.fromkeys((SEASONAL_NAIVE, self.method))
        }


def unlisted_shares(inputs: Inputs, made: Made, past: Sequence[Made]) -> FloatArray:
    """By month ahead, the share of what came at earlier origins that no listed account brought.

    Only what was over and known at the origin counts; a month that no origin can show has the share
    of the one before.
    """
    origin = made.snapshot.origin
    deals = known_deals(inputs, origin)
    end = first_open_month(origin)
    came = np.zeros((2, STEPS))
    for earlier in past[:ORIGINS]:
        then = month_of(earlier.snapshot.origin)
        width = min(STEPS, end - then)
        sums = earlier.accounts.sums(deals, range(then, then + width))
        sums[:, 0] -= earlier.accounts.booked[:, -1]
        came[0, :width] += sums[earlier.accounts.is_rest].sum(axis=0)
        came[1, :width] += sums.sum(axis=0)
    shares = np.zeros(STEPS)
    for ahead in range(STEPS):
        near = came[:, max(ahead - NEIGHBOURS, 0) : ahead + NEIGHBOURS + 1].sum(axis=1)
        shares[ahead] = near[0] / near[1] if near[1] > 0 else shares[max(ahead - 1, 0)]
    return np.clip(shares, 0.0, 1.0)


def share_out(
    inputs: Inputs,
    past: Sequence[Made],
    periods: Sequence[Period],
    method: str,
    reconciliation: str,
) -> tuple[Shares, pd.DataFrame]:
    """The way to share that had the least error at past origins, and the backtest of accounts.

    Args:
        inputs: What was read from the marts.
        past: What was made at past origins, newest first.
        periods: The periods to judge by.
        method: The method that is published.
        reconciliation: How it is made to agree.

    Returns:
        The choice, and cases as `backtest` makes them, of the naive and the published method.
    """
    last_over = first_open_month(inputs.as_of) - 1
    judged = []
    errors, of_naive = dict.fromkeys(WAYS, 0.0), 0.0
    for age, made in enumerate(past[:ORIGINS], 1):
        outlook = outlook_of(made, reconciliation, method)
        unlisted = unlisted_shares(inputs, made, past[age:])
        now = month_of(made.snapshot.origin)
        width = min(STEPS, last_over - now + 1)
        came = made.accounts.sums(inputs.booked, range(now, now + width))
        came[:, 0] -= made.accounts.booked[:, -1]
        usual_naive = _to_come(made, SEASONAL_NAIVE, outlook, SEASONAL_NAIVE, unlisted)
        of_naive += float(np.abs(usual_naive[:, :width] - came).sum())
        for way in WAYS:
            amounts = _to_come(made, way, outlook, method, unlisted)[:, :width]
            errors[way] += float(np.abs(amounts - came).sum())
        judged.append((made, outlook, unlisted))
    way = min(WAYS, key=lambda name: (errors[name], WAYS.index(name)))
    skill = 1 - errors[way] / of_naive if of_naive > 0 else None
    shares = Shares(method, reconciliation, way, skill)
    parts = [
        _cases(inputs, made, shares.to_come(made, outlook, unlisted), period).assign(
            age=age, judged_age=judged_age, reconciliation=reconciliation
        )
        for age, (made, outlook, unlisted) in enumerate(judged, 1)
        for period in periods
        if (judged_age := last_over - month_of(made.snapshot.origin) - period.last) >= 0
    ]
    return shares, pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def account_forecasts(
    made: Made, shares: Shares, to_come: Mapping[str, FloatArray], periods: Sequence[Period]
) -> pd.DataFrame:
    """Accounts by period and method, as `present` has nodes: to be given intervals and split."""
    accounts = made.accounts
    looks = made.looks[OPEN_DEALS]
    open_share = accounts.from_open / np.where(looks > 0, looks, np.inf)
    parts = []
    for method, amounts in to_come.items():
        from_open = (amounts * open_share).round(2)
        model = f"Share of the rep's {method}, by {shares.way}"
        for period in periods:
            booked = _over_known(accounts, period)
            parts.append(
                pd.DataFrame(
                    {
                        "node_type": "account",
                        "node_key": accounts.keys,
                        "period_type": period.period_type,
                        "period_start_date": period.start_date,
                        "horizon": period.horizon,
                        "method": method,
                        "forecast": booked + _over(amounts, period),
                        "booked": booked,
                        "from_open": _over(from_open, period),
                        "scale": usual(accounts),
                        "model": "SeasonalNaive" if method == SEASONAL_NAIVE else model,
                    }
                )[_is_shown(accounts, to_come)]
            )
    return pd.concat(parts, ignore_index=True)


def usual(accounts: Accounts) -> FloatArray:
    """The size of each account's month, as `usual_month` has those of other nodes."""
    return at_least(np.abs(accounts.history[:, -SEASON:]).mean(axis=1))


def _to_come(
    made: Made, way: str, outlook: Outlook, method: str, unlisted: FloatArray
) -> FloatArray:
    if method == SEASONAL_NAIVE and made.snapshot.months >= SEASON:
        return naive(made.accounts, made.snapshot)
    reps = outlook.to_come.loc["rep"].reindex(sorted(made.snapshot.selling), fill_value=0.0)
    return shared(made.accounts, reps.to_numpy(dtype=float), made.looks[way], unlisted)


def _is_shown(accounts: Accounts, to_come: Mapping[str, FloatArray]) -> pd.Series[bool]:
    """Accounts, and those rests that have anything."""
    something = sum(np.abs(amounts).sum(axis=1) for amounts in to_come.values())
    something = something + np.abs(accounts.booked).sum(axis=1)
    return pd.Series(~accounts.is_rest | (something > 0))


def _over(amounts: FloatArray, period: Period) -> FloatArray:
    total: FloatArray = amounts[:, max(period.first, 0) : period.last + 1].sum(axis=1)
    return total


def _over_known(accounts: Accounts, period: Period) -> FloatArray:
    known = [period.first <= month <= period.last for month in KNOWN_MONTHS]
    total: FloatArray = accounts.booked[:, known].sum(axis=1)
    return total


def _cases(
    inputs: Inputs, made: Made, to_come: Mapping[str, FloatArray], period: Period
) -> pd.DataFrame:
    accounts = made.accounts
    first = month_of(made.snapshot.origin) + period.first
    booked = _over_known(accounts, period)
    months = range(first, first + period.last - period.first + 1)
    of_all = pd.DataFrame(
        {
            "origin": made.snapshot.origin,
            "node_type": "account",
            "node_key": accounts.keys,
            "period_type": period.period_type,
            "horizon": period.horizon,
            "booked": booked,
            "actual": accounts.sums(inputs.booked, months).sum(axis=1),
            "scale": usual(accounts),
            "naive_scale": yearly_change(accounts.history, len(months)),
        }
    )[_is_shown(accounts, to_come)]
    return pd.concat(
        of_all.assign(
            method=method, forecast=of_all["booked"] + _over(amounts, period)[of_all.index]
        )
        for method, amounts in to_come.items()
    )
