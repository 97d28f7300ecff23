"""How long a thousand accounts take, and how much memory."""

from __future__ import annotations

import resource
import time

import numpy as np

from orchestration.forecast.methods import carry_forward
from orchestration.forecast.season import seasonal_indices

ACCOUNTS = 1000
MONTHS = 48
STEPS = 7


def measure(seed: int = 1) -> tuple[float, float]:
    """Seconds and peak gigabytes to forecast made-up accounts by every series method."""
    random = np.random.default_rng(seed)
    season = 1 + 0.3 * np.cos(np.arange(MONTHS) * np.pi / 6)
    sales = random.gamma(2, 500, (ACCOUNTS, MONTHS)) * season
    sales *= random.random((ACCOUNTS, MONTHS)) < random.uniform(0.2, 1, (ACCOUNTS, 1))
    began = time.monotonic()
    indices = seasonal_indices(sales.sum(axis=0))
    for account in sales:
        carry_forward(account, STEPS, indices)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return time.monotonic() - began, peak
