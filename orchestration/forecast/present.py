"""The forecasts of the as-of date, as rows of ``fct_forecast``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from orchestration.forecast.backtest import usual_month
from orchestration.forecast.combine import Outlook, won
from orchestration.forecast.intervals import QUANTILES, with_intervals
from orchestration.forecast.periods import Period
from orchestration.forecast.series import Snapshot


def forecast_rows(
    known: Snapshot,
    made: Mapping[str, Outlook],
    periods: Sequence[Period],
    open_shares: pd.DataFrame,
    accounts: pd.DataFrame,
    cases: pd.DataFrame,
    published: str,
) -> pd.DataFrame:
    """Rows of ``fct_forecast`` but for the columns that name the run.

    Args:
        known: What is known at the as-of date.
        made: The outlook of each method.
        periods: What to forecast.
        open_shares: By rep and month ahead, the share that deals which exist already will bring.
        accounts: The forecasts of accounts, see `account_forecasts`.
        cases: The backtest that intervals are calibrated on.
        published: The method whose rows are published; only they are split.
    """
    rows = pd.concat(
        _method_rows(known, method, outlook, periods, open_shares)
        for method, outlook in made.items()
    )
    rows = pd.concat([rows.reset_index(), accounts], ignore_index=True)
    rows = with_intervals(rows, cases)
    is_published = rows["method"] == published
    split = {
        "won_amount": rows["booked"],
        "open_amount": rows["from_open"],
        "new_amount": rows["forecast"] - rows["booked"] - rows["from_open"],
    }
    amounts = {"mean_amount": rows["forecast"], **{name: rows[name] for name in QUANTILES}}
    amounts |= {name: amount.where(is_published) for name, amount in split.items()}
    return rows.assign(
        is_published=is_published, **{name: amount.round(2) for name, amount in amounts.items()}
    )


def _method_rows(
    known: Snapshot,
    method: str,
    outlook: Outlook,
    periods: Sequence[Period],
    open_shares: pd.DataFrame,
) -> pd.DataFrame:
    from_open = _from_open_deals(known, outlook, open_shares)
    parts = []
    for period in periods:
        booked = won(known, period.first, period.last)
        parts.append(
            pd.DataFrame(
                {
                    "period_type": period.period_type,
                    "period_start_date": period.start_date,
                    "horizon": period.horizon,
                    "method": method,
                    "forecast": booked + outlook.over(period.first, period.last),
                    "booked": booked,
                    "from_open": from_open.over(period.first, period.last),
                    "scale": usual_month(known),
                    "model": outlook.models,
                },
                index=known.nodes,
            )
        )
    return pd.concat(parts)


def _from_open_deals(known: Snapshot, outlook: Outlook, open_shares: pd.DataFrame) -> Outlook:
    """Of what is to come, the part of deals that exist; rounded for reps, so that it adds up."""
    to_come = outlook.to_come.loc["rep"]
    shares = open_shares.reindex(to_come.index).fillna(open_shares.mean())
    by_rep = (to_come * shares).round(2)
    amounts = known.sums @ by_rep.reindex(known.history.index, fill_value=0.0).to_numpy()
    return replace(outlook, to_come=pd.DataFrame(amounts, index=known.nodes))
