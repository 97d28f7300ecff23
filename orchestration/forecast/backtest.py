"""What the methods would have forecast at earlier origins, beside what came true.

An origin is a day with as many days left in its month as the as-of date has, so that as much of
the month in progress was known then as is now. At each of them the whole forecast is made again
from what was known at its end; only months complete as of the as-of date judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from orchestration.forecast.combine import Outlook, outlooks, won
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.methods import SEASON, FloatArray
from orchestration.forecast.newcomers import newcomers
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import (
    Period,
    QuarterPlaces,
    first_open_month,
    month_of,
    origin_before,
)
from orchestration.forecast.season import NO_SEASON, SHORTEST_SEASONAL
from orchestration.forecast.series import Snapshot, booked_by_node, snapshot

MAXIMUM_ORIGINS = 24
SHORTEST_HISTORY = SEASON
"""Complete months an origin needs: without a month a year ago there is no naive to beat."""
FEWEST_SEASONAL = 6
"""Origins from which a season could be seen, as it can now, for only them to count."""

CASE_TYPES = {
    "origin": "object",
    "age": "int64",
    "judged_age": "int64",
    "reconciliation": "object",
    "method": "object",
    "node_type": "object",
    "node_key": "object",
    "period_type": "object",
    "horizon": "int64",
    "booked": "float64",
    "forecast": "float64",
    "actual": "float64",
    "scale": "float64",
    "naive_scale": "float64",
}
"""The columns of a table of cases, one row per forecast of the backtest.

``age`` is the months from the ``origin`` to the as-of date; at the origins of ``judged_age`` and
less the period was over. Of the whole period, in the reporting currency: what was ``booked`` at the
origin, the ``forecast``, the ``actual``. ``scale`` is the node's usual month (see `usual_month`),
``naive_scale`` the mean change of its periods against the year before.
"""


def backtest(
    inputs: Inputs,
    known: Snapshot,
    periods: Sequence[Period],
    quarters: QuarterPlaces,
    on_progress: Callable[[str], None],
) -> tuple[pd.DataFrame, list[Made]]:
    """The cases of all past origins that had enough history, and what was made there, newest first.

    An origin is forecast from with what the ones before it had taught, so the oldest is first.

    Args:
        inputs: What was read from the marts.
        known: What is known at the as-of date.
        periods: The periods to forecast from there, and from each origin alike.
        quarters: The company's fiscal quarters.
        on_progress: Told which origin is being forecast from.
    """
    actual = booked_by_node(inputs.booked, inputs.lines)
    last_over = first_open_month(inputs.as_of) - 1
    made: list[Made] = []
    cases: list[pd.DataFrame] = []
    for age in sorted(_ages(inputs, _shortest_history(known)), reverse=True):
        origin = origin_before(inputs.as_of, age)
        on_progress(f"backtest: forecasting as of {origin}")
        newest = make(inputs, origin, quarters, made)
        agreed = outlooks(newest)
        cases = [
            _cases(newest.snapshot, agreed, period, actual).assign(
                origin=origin, age=age, judged_age=judged_age
            )
            for period in periods
            if (judged_age := last_over - month_of(origin) - period.last) >= 0
        ] + cases
        made.insert(0, newest)
    found = pd.concat(cases, ignore_index=True) if cases else pd.DataFrame(columns=[*CASE_TYPES])
    return found[[*CASE_TYPES]].astype(CASE_TYPES, copy=False), made


def _ages(inputs: Inputs, shortest: int) -> list[int]:
    """The origins that had enough history, in months before the as-of date."""
    ages = []
    for age in range(1, MAXIMUM_ORIGINS + 1):
        if snapshot(inputs, origin_before(inputs.as_of, age)).months < shortest:
            break
        ages.append(age)
    return ages


def _shortest_history(known: Snapshot) -> int:
    """What an origin needs: as much as lets its models see a season, if there are such origins.

    A method is judged in the form that it has now, and without a season it is another one.
    """
    seasonal_origins = known.months - SHORTEST_SEASONAL
    return SHORTEST_SEASONAL if seasonal_origins >= FEWEST_SEASONAL else SHORTEST_HISTORY


def _cases(
    past: Snapshot, made: Mapping[tuple[str, str], Outlook], period: Period, actual: pd.DataFrame
) -> pd.DataFrame:
    """The cases of one origin and period: all nodes by every reconciliation and method."""
    months = [month_of(past.origin) + ahead for ahead in range(period.first, period.last + 1)]
    came = actual.reindex(index=past.nodes, columns=months, fill_value=0.0)
    booked = won(past, period.first, period.last)
    of_all_methods = pd.DataFrame(
        {
            "period_type": period.period_type,
            "horizon": period.horizon,
            "booked": booked,
            "actual": came.to_numpy().sum(axis=1),
            "scale": usual_month(past),
            "naive_scale": yearly_change(past.sums @ past.history.to_numpy(), len(months)),
        },
        index=past.nodes,
    ).reset_index()
    count, names = len(of_all_methods), list(made)
    cases = of_all_methods.loc[np.tile(np.arange(count), len(names))]
    to_come = [outlook.over(period.first, period.last) for outlook in made.values()]
    return cases.assign(
        reconciliation=np.repeat([reconciliation for reconciliation, _ in names], count),
        method=np.repeat([method for _, method in names], count),
        forecast=cases["booked"].to_numpy() + np.concatenate(to_come),
    )


def usual_month(known: Snapshot) -> FloatArray:
    """The size of each node's month, which its errors grow with: the mean of the last year.

    That of a new rep is what should be booked, as the last year says little. A node that sold
    little or nothing has a tenth of what is usual on its level, because it may surprise too.
    """
    year = np.abs(known.sums @ known.history.to_numpy()[:, -SEASON:])
    size: FloatArray = year.mean(axis=1)
    for rep, carried in newcomers(known, NO_SEASON, SEASON).items():
        row = known.nodes.get_loc(("rep", rep))
        size[row] = max(size[row], carried.amounts.mean())
    levels = known.nodes.get_level_values("node_type")
    for level in levels.unique():
        size[levels == level] = at_least(size[levels == level])
    return size


def at_least(sizes: FloatArray) -> FloatArray:
    """The sizes of a level's nodes, none below a tenth of what is usual for those that sell."""
    selling = sizes[sizes > 0]
    return np.maximum(sizes, 0.1 * np.median(selling)) if len(selling) else sizes


def yearly_change(months: FloatArray, width: int) -> FloatArray:
    """How much so many months of each node differ, on average, from those a year before."""
    sums = np.lib.stride_tricks.sliding_window_view(months, width, axis=1).sum(axis=2)
    lag = min(SEASON, sums.shape[1] - 1)
    change: FloatArray = np.abs(sums[:, lag:] - sums[:, :-lag]).mean(axis=1)
    return change
