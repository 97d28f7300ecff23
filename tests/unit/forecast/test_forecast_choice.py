"""Which method is published, and how accuracy is measured."""

from __future__ import annotations

import pandas as pd
import pytest

from orchestration.forecast.accuracy import choose, score
from orchestration.forecast.backtest import CASE_TYPES


def cases(misses: dict[tuple[str, str, str], float], origins: int = 4) -> pd.DataFrame:
    """One node per level whose every actual is 100, missed by so much per method."""
    rows = [
        {
            "origin": "then",
            "age": age,
            "judged_age": age - 1,
            "reconciliation": reconciliation,
            "method": method,
            "node_type": level,
            "node_key": level,
            "period_type": "month",
            "horizon": 0,
            "booked": 0.0,
            "forecast": 100.0 + miss,
            "actual": 100.0,
            "scale": 100.0,
            "naive_scale": 50.0,
        }
        for age in range(1, origins + 1)
        for (reconciliation, method, level), miss in misses.items()
    ]
    return pd.DataFrame(rows, columns=[*CASE_TYPES]).astype(CASE_TYPES)


def missed(**methods: tuple[float, float]) -> dict[tuple[str, str, str], float]:
    """Misses of company and rep by method, the same in both reconciliations."""
    return {
        (way, method, level): miss
        for way in ("bottom_up", "top_down")
        for method, both in methods.items()
        for level, miss in zip(("company", "rep"), both, strict=True)
    }


def test_the_method_with_the_least_error_against_the_naive_is_published():
    choice = choose(cases(missed(seasonal_naive=(20, 40), theta=(18, 30), ets=(16, 20))))
    assert choice.method == "ets"
    assert "company month +20%, rep month +50%" in choice.reason


def test_where_no_method_beats_the_naive_the_naive_is_published_and_the_reason_told():
    choice = choose(cases(missed(seasonal_naive=(20, 40), theta=(30, 40), ets=(20, 41))))
    assert choice.method == "seasonal_naive"
    assert choice.reason == "the naive, as no method beat it at 4 past origins"


def test_levels_count_alike_however_large_their_amounts():
    choice = choose(cases(missed(seasonal_naive=(1000, 10), theta=(999, 1), ets=(900, 9))))
    assert choice.method == "theta"


def test_a_level_for_which_the_naive_did_better_is_named():
    choice = choose(cases(missed(seasonal_naive=(20, 40), theta=(21, 20))))
    assert choice.method == "theta"
    assert choice.reason.endswith("; the naive did better for company month")


def test_the_reconciliation_is_the_better_one():
    misses = missed(seasonal_naive=(20, 40), theta=(18, 30))
    misses["top_down", "theta", "company"] = 10
    assert choose(cases(misses)).reconciliation == "top_down"


def test_equally_good_methods_give_the_first():
    choice = choose(cases(missed(seasonal_naive=(20, 40), ets=(10, 20), theta=(10, 20))))
    assert (choice.method, choice.reconciliation) == ("theta", "bottom_up")


def test_two_origins_are_no_test():
    choice = choose(cases(missed(seasonal_naive=(20, 40), theta=(1, 1)), origins=2))
    assert choice.method == "seasonal_naive"
    assert "2 past origins are too few" in choice.reason


def test_a_naive_without_error_is_not_beaten():
    assert choose(cases(missed(seasonal_naive=(0, 0), theta=(0, 0)))).method == "seasonal_naive"


def test_measures_are_what_they_are_called():
    every = cases(missed(seasonal_naive=(40, 40), theta=(10, -20)))
    scores = score(every[every["reconciliation"] == "bottom_up"])
    rep = scores.set_index(["node_type", "method"]).loc["rep", "theta"]
    assert rep["wape"] == pytest.approx(0.2)
    assert rep["bias"] == pytest.approx(-0.2)
    assert rep["mase"] == pytest.approx(0.4)
    assert rep["skill"] == pytest.approx(0.5)
    assert (rep["origin_count"], rep["forecast_count"], rep["interval_count"]) == (4, 4, 0)
    assert pd.isna(rep["interval_coverage"])


def test_pinball_loss_weighs_a_miss_above_p90_nine_times_one_below():
    every = cases(missed(seasonal_naive=(0, 0)), origins=12)
    every = every[(every["reconciliation"] == "bottom_up") & (every["node_type"] == "rep")]
    every.loc[every["age"] == 1, "actual"] = 200.0  # all intervals are [100, 100] by then
    (loss,) = score(every)["pinball_loss"]
    calibrated = 3  # ages 1 to 3 have nine judged errors before them
    assert loss == pytest.approx((0.1 + 0.5 + 0.9) / 3 * 100 / (200 + 100 * (calibrated - 1)))


def test_a_company_that_booked_nothing_has_no_relative_error():
    every = cases(missed(seasonal_naive=(0, 0), theta=(5, 5))).assign(actual=0.0)
    scores = score(every[every["reconciliation"] == "bottom_up"])
    assert scores[["wape", "bias", "skill"]].isna().all(axis=None)
