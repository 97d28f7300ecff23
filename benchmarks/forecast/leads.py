"""Public leads of a school of courses: the product's regression, learned from the first ones.

Leads have no dates, only their order. Of those given, the first 75 % are learned from, and the rest
is the test. What is written after the fact is refused as in the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast.judging import FloatArray
from orchestration.forecast.late_fields import is_late
from orchestration.forecast.logistic import fit_logistic

FILE = Path("xeducation_leads") / "leads_first_three_quarters.csv"
OUTCOME, ORDER, IDENTITY = "Converted", "Lead Number", "Prospect ID"
LEARNED_SHARE = 0.75
MOST_NUMBERS = 5
"""A number with more values than these is cut into tenths."""
MISSING = "Select"
"""What the form says where nothing was chosen."""


@dataclass(frozen=True)
class Tested:
    """The chances of the tested leads, what came, and the share that came of those learned from."""

    chances: FloatArray
    came: FloatArray
    usual: float


def run(data: Path) -> Tested:
    """Learn from the first leads, and say the chances of the rest."""
    leads = pd.read_csv(data / FILE).sort_values(ORDER, ignore_index=True)
    came = leads[OUTCOME].to_numpy(dtype=bool)
    is_learned = np.arange(len(leads)) < int(LEARNED_SHARE * len(leads))
    fields = [
        name
        for name in leads
        if not is_late(name) and name not in (ORDER, IDENTITY) and leads[name].nunique() > 1
    ]
    levels = pd.DataFrame(
        {name: _levels(leads[name].replace(MISSING, np.nan), is_learned) for name in fields}
    )
    model = fit_logistic(levels[is_learned], came[is_learned])
    chances = model.chances(levels[~is_learned])
    return Tested(chances, came[~is_learned].astype(float), float(came[is_learned].mean()))


def _levels(values: pd.Series, is_learned: np.ndarray) -> pd.Categorical:
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > MOST_NUMBERS:
        tenths = np.quantile(values[is_learned].dropna(), np.linspace(0.1, 0.9, 9))
        places = pd.Series(np.searchsorted(np.unique(tenths), values, side="right"))
        return pd.Categorical(places.astype(str).where(values.notna(), "unknown"))
    return pd.Categorical(values.astype(object).fillna("unknown").astype(str))
