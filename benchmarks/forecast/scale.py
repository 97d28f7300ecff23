"""How long a company of a thousand accounts takes, and how much memory."""

from __future__ import annotations

import dataclasses
import resource
import time

import numpy as np
import pandas as pd

from benchmarks.forecast.series import as_inputs
from orchestration.company import default_company
from orchestration.forecast.compute import compute
from orchestration.forecast.periods import first_day
from orchestration.forecast.tables import FORECAST

ACCOUNTS, REPS, MONTHS = 1000, 20, 48


def measure(seed: int = 1) -> tuple[float, float]:
    """Processor seconds and peak gigabytes of a whole run: backtest, forecasts, summary.

    Made-up accounts buy in a fifth to all of their months, with a season; each has one rep.
    """
    random = np.random.default_rng(seed)
    season = 1 + 0.3 * np.cos(np.arange(MONTHS) * np.pi / 6)
    sales = random.gamma(2, 500, (ACCOUNTS, MONTHS)) * season
    sales *= random.random((ACCOUNTS, MONTHS)) < random.uniform(0.2, 1, (ACCOUNTS, 1))
    periods = pd.period_range("2022-07", periods=MONTHS, freq="M")
    account, month = np.indices(sales.shape).reshape(2, -1)
    inputs = as_inputs(
        pd.DataFrame(
            {
                "owner_key": [f"rep {number % REPS}" for number in account],
                "account_key": [f"account {number}" for number in account],
                "period": periods[month],
                "amount": sales.ravel(),
            }
        )
    )
    last = first_day(int(inputs.booked["month"].max()) + 1) - pd.Timedelta(days=1)
    began = time.process_time()
    rows = compute(dataclasses.replace(inputs, as_of=last), default_company(), lambda _: None)
    seconds = time.process_time() - began
    if rows[FORECAST].query("node_type == 'account'")["node_key"].nunique() < ACCOUNTS:
        raise ValueError("not all accounts were forecast")
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
