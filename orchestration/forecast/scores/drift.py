"""The watch over the scores: does what is scored, or what comes of it, still resemble the past?

*Population*: the population stability index of each feature, of those scored now against those of
the past year's looks. By custom .25 is a large change (Siddiqi, Credit Risk Scorecards, 2006). Few
cases reach that by chance, so it must also exceed what 99 of 100 samples of an unchanged population
stay below, which a chi-square tells (Yurdakul and Naranjo, Statistical properties of the population
stability index, Journal of Risk Model Validation 14, 2020).

*Calibration*: how many of the last two looks' cases came against the sum of their chances, in
standard deviations of the chances' own (Spiegelhalter, Probabilistic prediction in patient
management and clinical trials, Statistics in Medicine 5, 1986). The looks' horizons do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

import numpy as np
import pandas as pd

from orchestration.forecast.deals import UNKNOWN
from orchestration.forecast.scores.trial import MODEL

LARGE_CHANGE = 0.25
NORMAL_99 = 2.326
MOST_DEVIATIONS = 3.0
"""So far off are 3 in 1,000 by chance; several groups are watched, every day."""
FEWEST_EXPECTED = 10.0
"""What must be expected to come of a group for its number to say anything."""
FEWEST_CASES = 30
MOST_UNKNOWN = 0.5
"""A feature that was known of less of the past, as before the first extract, is not compared."""
RECENT_LOOKS = 2
LOOKS_OF_A_YEAR = 4
POPULATION, CALIBRATION = "population_stability_index", "calibration_deviations"
ALL = "all"


class Watched(TypedDict):
    """A row of ``mart_score_drift``, but for the run."""

    score: str
    watched: str
    measure: str
    value: float
    warning_limit: float
    is_drifted: bool
    case_count: int
    note: str


def population(score: str, looks: Sequence[pd.DataFrame], now: pd.DataFrame) -> Iterator[Watched]:
    """How much each feature's levels differ now from those of the past year.

    Args:
        score: Which score is watched.
        looks: The levels of those scored at past looks, newest first: a row for each deal or lead,
            whose key is the index, and a column per feature.
        now: The levels of those scored now.
    """
    if not looks:
        return
    past = pd.concat([levels.astype(str) for levels in looks[:LOOKS_OF_A_YEAR]])
    past_cases = past.index.nunique()
    if min(past_cases, len(now)) < FEWEST_CASES:
        return
    for feature in now:
        names = past[feature].astype(str), now[feature].astype(str)
        levels = pd.Index(sorted({*names[0], *names[1]}))
        counts = [name.value_counts().reindex(levels, fill_value=0) + 0.5 for name in names]
        before, after = (count / count.sum() for count in counts)
        if before[levels.str.startswith(UNKNOWN)].sum() > MOST_UNKNOWN:
            continue
        value = round(float(((after - before) * np.log(after / before)).sum()), 4)
        by_chance = _chi_square_99(len(levels) - 1) * (1 / past_cases + 1 / len(now))
        limit = round(max(LARGE_CHANGE, by_chance), 4)
        most = (after - before).abs().idxmax()
        yield {
            "score": score,
            "watched": str(feature),
            "measure": POPULATION,
            "value": value,
            "warning_limit": limit,
            "is_drifted": value > limit,
            "case_count": len(now),
            "note": f"'{most}' in {after[most]:.0%}, before in {before[most]:.0%}",
        }


def calibration(score: str, cases: pd.DataFrame) -> Iterator[Watched]:
    """How far what came lately is from what was expected, of all and of each group.

    Args:
        score: Which score is watched.
        cases: Cases of past looks, see `orchestration.forecast.scores.trial.judged`, with the
            chances as they were corrected then.
    """
    days = sorted(cases.loc[cases[MODEL].notna(), "day"].unique())[-RECENT_LOOKS:]
    recent = cases[cases["day"].isin(days) & cases[MODEL].notna()]
    groups = list(recent.groupby("group", sort=True))
    for name, of_group in [(ALL, recent), *(groups if len(groups) > 1 else [])]:
        chances = of_group[MODEL].to_numpy()
        expected, came = float(chances.sum()), int(of_group["came"].sum())
        if expected < FEWEST_EXPECTED:
            continue
        spread = float(np.sqrt((chances * (1 - chances)).sum()))
        value = round((came - expected) / spread, 4)
        yield {
            "score": score,
            "watched": str(name),
            "measure": CALIBRATION,
            "value": value,
            "warning_limit": MOST_DEVIATIONS,
            "is_drifted": abs(value) > MOST_DEVIATIONS,
            "case_count": len(of_group),
            "note": f"{came} came, {expected:.1f} were expected",
        }


def _chi_square_99(degrees: int) -> float:
    """What a chi-square stays below in 99 of 100 cases (Wilson and Hilferty's approximation)."""
    if degrees < 1:
        return 0.0
    part = 2 / (9 * degrees)
    return float(degrees * (1 - part + NORMAL_99 * np.sqrt(part)) ** 3)
