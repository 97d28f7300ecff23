"""Intervals that hold as often as they say, whatever the errors look like."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.backtest import CASE_TYPES
from orchestration.forecast.intervals import (
    QUANTILES,
    conformal_quantiles,
    with_intervals,
    with_intervals_of_the_time,
)

Draw = Callable[[np.random.Generator, int], np.ndarray]


def cases(
    draw: Draw, origins: int, nodes: int, *, horizons: int = 2, seed: int = 3
) -> pd.DataFrame:
    """Errors that are drawn alike for all nodes, in proportion to the node's size."""
    random = np.random.default_rng(seed)
    rows = []
    for age in range(1, origins + 1):
        for horizon in range(horizons):
            sizes = np.linspace(10, 1000, nodes)
            rows.append(
                pd.DataFrame(
                    {
                        "origin": "then",
                        "age": age,
                        "judged_age": age - 1 - horizon,
                        "reconciliation": "bottom_up",
                        "method": "theta",
                        "node_type": "rep",
                        "node_key": [f"rep {node}" for node in range(nodes)],
                        "period_type": "month",
                        "horizon": horizon,
                        "booked": -1e9,
                        "forecast": sizes,
                        "actual": sizes * (1 + draw(random, nodes)),
                        "scale": sizes,
                        "naive_scale": sizes,
                    }
                )
            )
    every = pd.concat(rows, ignore_index=True)
    return every[every["judged_age"] >= 0][[*CASE_TYPES]].astype(CASE_TYPES)


@pytest.mark.parametrize(
    "draw",
    [
        lambda random, size: random.normal(0, 0.3, size),
        lambda random, size: random.normal(-0.25, 0.3, size),
        lambda random, size: random.lognormal(0, 1, size) - 1,
        lambda random, size: random.standard_t(2, size),
    ],
    ids=["symmetric", "biased", "skewed", "heavy tails"],
)
def test_eight_of_ten_actuals_lie_within(draw):
    judged = with_intervals_of_the_time(cases(draw, origins=18, nodes=60)).dropna()
    low, _, high = (judged[name] for name in QUANTILES)
    coverage = ((low <= judged["actual"]) & (judged["actual"] <= high)).mean()
    assert len(judged) > 1500
    assert 0.77 <= coverage <= 0.83
    assert 0.06 <= (judged["actual"] < low).mean() <= 0.14


def test_with_the_fewest_errors_they_hold_too():
    random = np.random.default_rng(7)
    held = []
    for _ in range(4000):
        *errors, following = random.normal(size=10)
        low, _, high = conformal_quantiles(np.array(errors))
        held.append(low <= following <= high)
    assert 0.78 <= np.mean(held) <= 0.82


def test_quantiles_lie_at_their_ranks():
    assert conformal_quantiles(np.arange(1.0, 10.0)).tolist() == [1.0, 5.0, 9.0]
    assert conformal_quantiles(np.arange(1.0, 20.0)).tolist() == [2.0, 10.0, 18.0]


def test_fewer_than_nine_errors_give_no_interval():
    every = cases(lambda random, size: random.normal(size=size), origins=4, nodes=1)
    assert with_intervals(every, every)[QUANTILES].isna().all(axis=None)
    no_cases = every.head(0)
    assert with_intervals(every, no_cases)[QUANTILES].isna().all(axis=None)


def test_a_horizon_with_few_errors_borrows_from_the_nearest():
    every = cases(lambda _, size: np.full(size, 0.1), origins=11, nodes=1, horizons=7)
    every.loc[every["horizon"] >= 5, "actual"] = every["forecast"] * 1.5
    wanted = every[every["age"] == every["age"].max()]
    found = with_intervals(wanted, every).set_index("horizon")["p90_amount"] / 10
    assert found[0] == pytest.approx(1.1)
    assert found[6] == pytest.approx(1.5)
    assert found[3] == pytest.approx(1.1)


def test_the_period_in_progress_neither_lends_its_errors_nor_borrows():
    every = cases(lambda _, size: np.full(size, 0.1), origins=12, nodes=1, horizons=3)
    few_ahead = every[(every["horizon"] == 0) | (every["age"] > 9)]
    found = with_intervals(few_ahead, few_ahead).groupby("horizon")["p90_amount"].max() / 10
    assert found[0] == pytest.approx(1.1)
    assert found[[1, 2]].isna().all()
    few_now = every[(every["horizon"] > 0) | (every["age"] > 9)]
    found = with_intervals(few_now, few_now).groupby("horizon")["p90_amount"].max() / 10
    assert found.isna()[0]
    assert found[[1, 2]].to_list() == pytest.approx([1.1, 1.1])


def test_no_quantile_is_below_what_is_booked_and_the_forecast_is_always_inside():
    every = cases(lambda random, size: random.normal(-2, 0.1, size), origins=5, nodes=9)
    every = every.assign(booked=every["forecast"] * 0.9)
    found = with_intervals(every, every)
    assert (found["p10_amount"] == found["booked"]).all()
    assert (found["p50_amount"] == found["booked"]).all()
    assert (found["p90_amount"] == found["forecast"]).all()


def test_errors_of_later_origins_do_not_calibrate_earlier_ones():
    every = cases(lambda random, size: random.normal(size=size), origins=10, nodes=9)
    wild = every.assign(actual=every["actual"].where(every["age"] > 4, 1e6))
    columns = ["age", "node_key", "horizon", *QUANTILES]
    then = with_intervals_of_the_time(every).query("age >= 4")[columns]
    pd.testing.assert_frame_equal(with_intervals_of_the_time(wild).query("age >= 4")[columns], then)
