"""How good each method was in the backtest, and which one is therefore published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.intervals import QUANTILES, TAIL, with_intervals_of_the_time
from orchestration.forecast.methods import METHODS, SEASONAL_NAIVE
from orchestration.forecast.origins import Made
from orchestration.forecast.periods import month_of
from orchestration.forecast.reconcile import RECONCILIATIONS

SCORE = ["node_type", "period_type", "horizon", "method"]
PLACE = ["origin", "node_type", "node_key", "horizon"]
FEWEST_ORIGINS = 3
"""Origins it takes to say that a method beats the naive."""


@dataclass(frozen=True)
class Choice:
    """The reconciliation of all methods, the method that is published, and why it is."""

    reconciliation: str
    method: str
    reason: str


def choose(cases: pd.DataFrame) -> Choice:
    """The method and reconciliation with the least error against the naive.

    The error is the sum of absolute errors over all nodes and horizons, divided by the naive's;
    company, region, team and rep, months and quarters count alike. One method is published for all
    of them, since only then do the published figures add up. Where none beats the naive, the naive
    is published.
    """
    default = next(iter(RECONCILIATIONS))
    origins = cases["age"].nunique()
    if origins < FEWEST_ORIGINS:
        reason = f"the naive, as {origins} past origins are too few to test a method"
        return Choice(default, SEASONAL_NAIVE, reason)

    way, level = ["reconciliation", "method"], ["node_type", "period_type"]
    misses = cases[way + level].assign(miss=(cases["forecast"] - cases["actual"]).abs())
    totals = misses.pivot_table("miss", way, level, aggfunc="sum")
    naive = totals.loc[[(default, SEASONAL_NAIVE)]].iloc[0]
    against = totals / naive.where(naive > 0)
    mean = against.mean(axis=1).drop(SEASONAL_NAIVE, level="method").dropna()
    if mean.empty or mean.min() >= 1:
        reason = f"the naive, as no method beat it at {origins} past origins"
        return Choice(default, SEASONAL_NAIVE, reason)

    reconciliation, method = min(mean.index, key=lambda key: (mean[key], METHODS.index(key[1])))
    ratios = against.loc[reconciliation, method].dropna()
    skills = {f"{level} {period}": 1 - ratio for (level, period), ratio in ratios.items()}
    figures = ", ".join(f"{what} {skill:+.0%}" for what, skill in skills.items())
    worse = " and ".join(what for what, skill in skills.items() if skill < 0)
    caveat = f"; the naive did better for {worse}" if worse else ""
    reason = f"{method}, whose skill against the naive at {origins} past origins is {figures}"
    return Choice(str(reconciliation), str(method), reason + caveat)


def score(cases: pd.DataFrame) -> pd.DataFrame:
    """The accuracy of each level, period type, horizon and method, from one reconciliation.

    Each case has the interval that it would have had at its time. See the column comments of
    ``mart_forecast_accuracy`` for the measures.
    """
    return _measured(with_intervals_of_the_time(cases), SCORE)


def accuracy_rows(cases: pd.DataFrame, past: Sequence[Made], published: str) -> pd.DataFrame:
    """Rows of ``mart_forecast_accuracy``: of each level, and of single people's submissions.

    Args:
        cases: The backtest, from one reconciliation.
        past: What was made at its origins.
        published: The method that is published.
    """
    levels = score(cases)
    levels = levels.assign(is_published=levels["method"] == published)
    people = score_submissions(cases, past)
    return pd.concat([levels, people.assign(is_published=False)]) if len(people) else levels


def score_submissions(cases: pd.DataFrame, past: Sequence[Made]) -> pd.DataFrame:
    """The accuracy of what each user had submitted at past origins, by months ahead.

    Args:
        cases: The backtest, from one reconciliation: what came, and what the naive had expected.
        past: What was made at its origins.
    """
    said = [part for made in past if len(part := _said(made))]
    if not said:
        return pd.DataFrame()
    naive = cases[(cases["method"] == SEASONAL_NAIVE) & (cases["period_type"] == "month")]
    judged = naive.merge(pd.concat(said), on=PLACE, suffixes=("", "_said"))
    own = judged.assign(forecast=judged["said"], method=judged["method_said"])
    both = pd.concat([own, judged.drop_duplicates(PLACE)])
    scores = _measured(both.assign(**dict.fromkeys(QUANTILES, np.nan)), [*SCORE, "node_key"])
    return scores[scores["method"] != SEASONAL_NAIVE]


def _said(made: Made) -> pd.DataFrame:
    """What users had submitted at an origin, by the node it is for, months ahead and method."""
    known = made.snapshot
    said = known.submitted.reset_index().melt(
        ["user_key", "month"], var_name="method", value_name="said"
    )
    nodes = [known.node_of(user) for user in said["user_key"]]
    return pd.DataFrame(
        {
            "origin": known.origin,
            "node_type": [node_type for node_type, _ in nodes],
            "node_key": said["user_key"],
            "horizon": said["month"].astype("int64") - month_of(known.origin),
            "method": said["method"],
            "said": said["said"].astype(float),
        }
    )


def _measured(judged: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    actual, miss = judged["actual"], judged["forecast"] - judged["actual"]
    low, middle, high = (judged[quantile] for quantile in QUANTILES)
    known = low.notna()
    pinball = (
        _pinball(actual, low, TAIL)
        + _pinball(actual, middle, 0.5)
        + _pinball(actual, high, 1 - TAIL)
    ) / 3
    parts = judged[by].assign(
        size=actual.abs(),
        miss=miss,
        absolute=miss.abs(),
        scaled=miss.abs() / judged["naive_scale"].where(judged["naive_scale"] > 0),
        covered=((low <= actual) & (actual <= high)).where(known).astype(float),
        pinball=pinball,
        size_with_interval=actual.abs().where(known),
        origin=judged["age"],
    )
    groups = parts.groupby(by)
    sums = groups[["size", "miss", "absolute", "pinball", "size_with_interval"]].sum()
    size = sums["size"].where(sums["size"] > 0)
    scores = pd.DataFrame(
        {
            "origin_count": groups["origin"].nunique(),
            "forecast_count": groups.size(),
            "interval_count": groups["covered"].count(),
            "wape": sums["absolute"] / size,
            "mase": groups["scaled"].mean(),
            "bias": sums["miss"] / size,
            "interval_coverage": groups["covered"].mean(),
            "pinball_loss": sums["pinball"]
            / sums["size_with_interval"].where(sums["size_with_interval"] > 0),
        }
    )
    others = [key for key in by if key != "method"]
    is_naive = scores.index.get_level_values("method") == SEASONAL_NAIVE
    naive = scores["wape"].where(is_naive & (scores["wape"] > 0)).groupby(others).transform("max")
    scores["skill"] = 1 - scores["wape"] / naive
    return scores.reset_index()


def _pinball(
    actual: pd.Series[float], quantile: pd.Series[float], level: float
) -> pd.Series[float]:
    above = actual - quantile
    return pd.Series(np.maximum(level * above, (level - 1) * above), index=actual.index)
