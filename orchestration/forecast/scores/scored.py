"""What scoring gives, of deals and of leads alike."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orchestration.forecast.scores.calibration import Calibration
from orchestration.forecast.scores.drift import Watched
from orchestration.forecast.scores.trial import MODEL, RULE


@dataclass(frozen=True)
class Scored:
    """The rows of the score's table, of the accuracy, and of what is watched."""

    rows: pd.DataFrame
    accuracy: pd.DataFrame
    watched: list[Watched]


def method_of(model: object | None) -> str:
    """By what is scored: the model, or without one the rule."""
    return RULE if model is None else MODEL


def provenance(method: str, correction: Calibration) -> dict[str, object]:
    """The columns that say where a score comes from."""
    count = correction.outcome_count if method == MODEL else 0
    return {"method": method, "is_calibrated": count > 0, "calibration_count": count}
