"""Scores tried at past days: what was said then, with what was known then, beside what came.

Looks are a quarter of a year apart, so that what is scored at one is largely settled by the next.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from orchestration.forecast.methods import FloatArray
from orchestration.forecast.scores.calibration import (
    Calibration,
    auc,
    brier,
    calibration_error,
    fit_calibration,
    tenths,
)

SPACING_DAYS = 91
MOST_LOOKS = 8
MODEL, RULE = "model", "rule"


def look_days(as_of: int) -> list[int]:
    """The past days at which scores are tried, newest first."""
    return [as_of - SPACING_DAYS * number for number in range(1, MOST_LOOKS + 1)]


def judged(
    day: int, chances: FloatArray | None, rule: FloatArray, came: FloatArray, group: pd.Series[str]
) -> pd.DataFrame:
    """What was said at one look by ``chances`` and by ``rule``, what ``came``, and of which group.

    The columns are ``day``, ``model`` (NaN where nothing had been learned), ``rule``, ``came`` and
    ``group``.
    """
    return pd.DataFrame(
        {
            "day": day,
            MODEL: np.nan if chances is None else chances,
            RULE: rule,
            "came": came,
            "group": group.to_numpy(),
        }
    )


def all_cases(looks: list[pd.DataFrame]) -> pd.DataFrame:
    """The cases of all looks, of which there may be none."""
    none = pd.DataFrame({name: [] for name in ("day", MODEL, RULE, "came", "group")}, dtype=float)
    return pd.concat(looks, ignore_index=True) if looks else none


def corrected_then(cases: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """The cases with the model's chances corrected as they would have been on their days.

    Each look is corrected by those whose horizon was over by then.
    """
    parts = []
    for day, now in cases.groupby("day", sort=True):
        correction = calibration_by(cases, horizon_days, int(str(day)))
        parts.append(now.assign(**{MODEL: correction.corrected(now[MODEL].to_numpy())}))
    return all_cases(parts)


def calibration_by(cases: pd.DataFrame, horizon_days: int, day: int) -> Calibration:
    """The correction that the looks teach whose horizon was over by a day."""
    known = cases[(cases["day"] + horizon_days <= day) & cases[MODEL].notna()]
    return fit_calibration(known[MODEL].to_numpy(), known["came"].to_numpy())


def accuracy_rows(
    cases: pd.DataFrame, node_type: str, horizon_days: int, published: str
) -> pd.DataFrame:
    """How good model and rule were, at the looks that had a model, corrected as they were then.

    While no look had one, the rule alone is judged, at all looks.
    """
    scored = cases[cases[MODEL].notna()]
    methods = [MODEL, RULE] if len(scored) else [RULE]
    tried = scored if len(scored) else cases
    if not len(tried):
        return pd.DataFrame()
    came = tried["came"].to_numpy()
    rows = [
        {
            "node_type": node_type,
            "period_type": "days",
            "horizon": horizon_days,
            "method": method,
            "is_published": method == published,
            "origin_count": tried["day"].nunique(),
            "forecast_count": len(tried),
            "interval_count": 0,
            "auc": round(auc(tried[method].to_numpy(), came), 4),
            "brier": round(brier(tried[method].to_numpy(), came), 4),
            "calibration_error": round(calibration_error(tried[method].to_numpy(), came), 4),
            "calibration": _calibration(tried[method].to_numpy(), came),
        }
        for method in methods
    ]
    return pd.DataFrame(rows)


def _calibration(chances: FloatArray, came: FloatArray) -> str:
    parts = tenths(chances, came)
    return json.dumps([[round(said, 4), round(share, 4), count] for said, share, count in parts])
