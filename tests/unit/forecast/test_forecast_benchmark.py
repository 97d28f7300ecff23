"""The benchmark of forecasts chooses by what was known, and measures what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecast import leads
from benchmarks.forecast.judging import NAIVE, Origin, chosen, coverage, judge
from orchestration.forecast.scores.calibration import auc, calibration_error


def origin(at: int, **missed: float) -> Origin:
    """An origin whose every actual is 100, missed by so much per way, known three steps later."""
    came = np.full((3, 2), 100.0)
    forecasts = {way: came + miss for way, miss in {NAIVE: 20.0, **missed}.items()}
    return Origin(at, at + 3, forecasts, came, np.ones(3))


def test_a_way_is_chosen_by_origins_whose_truth_was_known():
    origins = [origin(at, good=1.0, bad=30.0) for at in range(4)]
    later = [origin(at, good=99.0, bad=0.0) for at in range(4, 9)]
    assert chosen([*origins, *later], now=6) == "good"
    assert chosen([*origins, *later], now=12) == "bad"


def test_too_few_origins_or_nothing_better_than_the_naive_leave_the_naive():
    assert chosen([origin(at, good=1.0) for at in range(4)], now=4) == NAIVE
    assert chosen([origin(at, bad=21.0) for at in range(9)], now=9) == NAIVE


def test_errors_are_those_of_the_way_that_counts_at_each_origin():
    origins = [origin(0, one=10.0), origin(1, one=-30.0)]
    found = judge(origins, {0: "one", 1: NAIVE}, slice(1, None))
    assert found.wape == pytest.approx(0.15)
    assert found.bias == pytest.approx(0.15)
    assert judge(origins, {1: "one"}, slice(0, 1)).bias == pytest.approx(-0.3)


def test_an_interval_is_drawn_from_errors_known_at_its_origin():
    random = np.random.default_rng(1)
    usual = np.full((41, 1), 100.0)
    origins = [
        Origin(at, at + 2, {NAIVE: usual}, usual + random.normal(0, 9, (41, 1)), np.ones(41))
        for at in range(30)
    ]
    count, within = coverage(origins, dict.fromkeys(range(20, 30), NAIVE), slice(1, None))
    assert count == 400
    assert 0.74 < within / count < 0.86


def test_errors_grow_with_the_size_that_each_origin_knew():
    random = np.random.default_rng(1)
    origins = []
    for at in range(30):
        size = 100.0 * (at + 1)
        came = size + random.normal(0, 0.09 * size, (41, 1))
        made = {NAIVE: np.full((41, 1), size)}
        origins.append(Origin(at, at + 2, made, came, np.full(41, size)))
    count, within = coverage(origins, dict.fromkeys(range(20, 30), NAIVE), slice(1, None))
    assert 0.74 < within / count < 0.86


def test_order_and_calibration_of_chances():
    came = np.array([0.0, 0.0, 1.0, 1.0])
    assert auc(np.array([0.1, 0.2, 0.3, 0.4]), came) == 1.0
    assert auc(np.array([0.4, 0.3, 0.2, 0.1]), came) == 0.0
    assert auc(np.full(4, 0.5), came) == 0.5
    assert calibration_error(np.full(100, 0.5), np.tile([0.0, 1.0], 50)) == pytest.approx(0.0)
    assert calibration_error(np.full(100, 0.8), np.tile([0.0, 1.0], 50)) == pytest.approx(0.3)


def test_public_leads_are_learned_from_in_order_and_never_from_what_was_written_afterwards(
    tmp_path,
):
    random = np.random.default_rng(1)
    came = random.random(4000) < 0.4
    rows = pd.DataFrame(
        {
            "Lead Number": np.arange(4000),
            "Prospect ID": [f"p{n}" for n in range(4000)],
            "Converted": came.astype(int),
            "Lead Source": random.choice(["Web", "Select"], 4000),
            "TotalVisits": random.integers(0, 40, 4000),
            "Tags": np.where(came, "Will buy", "Gone"),
        }
    )
    (tmp_path / leads.FILE).parent.mkdir()
    rows.sample(frac=1, random_state=2).to_csv(tmp_path / leads.FILE, index=False)
    found = leads.run(tmp_path)
    assert found.came.tolist() == came[3000:].astype(float).tolist()
    assert found.usual == pytest.approx(came[:3000].mean())
    assert 0.44 < auc(found.chances, found.came) < 0.56
