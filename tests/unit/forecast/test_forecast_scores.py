"""Calibration, reasons, rules and the watch over drift, each on numbers made for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.scores.calibration import (
    FEWEST_JUDGED,
    auc,
    brier,
    calibration_error,
    fit_calibration,
)
from orchestration.forecast.scores.drift import calibration, population
from orchestration.forecast.scores.opportunities import expected_close_days
from orchestration.forecast.scores.reasons import reasons
from orchestration.forecast.scores.rules import rule_for_deals, rule_for_leads
from orchestration.forecast.scores.trial import (
    MODEL,
    all_cases,
    calibration_by,
    corrected_then,
    judged,
)

RANDOM = np.random.default_rng(7)


def cases_of(day: int, chance: float, share: float, count: int = 400, region: str = "North"):
    """Cases of one day that were all given a chance, of which a share came."""
    came = (np.arange(count) < share * count).astype(float)
    chances = np.full(count, chance)
    return judged(day, chances, chances, came, pd.Series([region] * count))


def test_chances_that_were_too_high_are_brought_down_to_what_came():
    true = RANDOM.beta(2, 4, 5000)
    came = (RANDOM.random(5000) < true).astype(float)
    said = true / (true + (1 - true) / 3)  # the odds three times too good
    corrected = fit_calibration(said, came).corrected(said)
    assert calibration_error(said, came) > 0.15
    assert calibration_error(corrected, came) < 0.03
    assert brier(corrected, came) < brier(said, came)
    assert auc(corrected, came) == pytest.approx(auc(said, came))


def test_too_few_outcomes_correct_nothing():
    chances = np.full(FEWEST_JUDGED - 1, 0.9)
    correction = fit_calibration(chances, np.zeros(FEWEST_JUDGED - 1))
    assert correction.outcome_count == 0
    assert correction.corrected(np.array([0.9])) == pytest.approx(0.9)


def test_there_is_no_order_where_all_came_or_nothing():
    assert np.isnan(auc(np.array([0.1, 0.9]), np.array([1.0, 1.0])))


def test_a_look_is_corrected_by_those_alone_that_were_over_on_its_day():
    cases = all_cases([cases_of(0, 0.5, 0.1), cases_of(91, 0.5, 0.1), cases_of(182, 0.5, 0.1)])
    then = corrected_then(cases, 182).groupby("day")[MODEL].first()
    assert then[0] == then[91] == pytest.approx(0.5)
    assert 0.1 < then[182] < 0.2
    assert calibration_by(cases, 182, 181).outcome_count == 0
    assert calibration_by(cases, 182, 182).outcome_count == 400


def test_reasons_are_what_moved_a_chance_most_with_their_direction():
    without = pd.DataFrame({"stage": [0.2], "age": [0.5], "size": [0.401], "pushes": [0.38]})
    told = pd.DataFrame(
        {"stage": ["stage is Proposal"], "age": ["open for 9 days"], "size": ["big"],
         "pushes": ["pushed"]}
    )  # fmt: skip
    row = reasons(np.array([0.4]), without, told).iloc[0]
    assert row["reason_1"] == "raised: stage is Proposal"
    assert row["reason_1_effect"] == pytest.approx(0.2)
    assert row["reason_2"] == "lowered: open for 9 days"
    assert row["reason_3"] == "raised: pushed"
    few = reasons(np.array([0.4]), without.assign(age=0.4, pushes=0.4), told).iloc[0]
    assert few["reason_2"] is None
    assert np.isnan(few["reason_2_effect"])


def test_an_order_is_expected_when_half_of_its_chance_has_come():
    by_week = np.zeros((1, 31))
    by_week[0, 1:] = 0.1  # nothing in the first week, all of it in the second
    assert expected_close_days(by_week, day=100).tolist() == [100 + 7 + 4]


def test_the_rule_for_deals_halves_the_stages_probability_for_each_bad_sign():
    deals = pd.DataFrame(
        {
            "stage_name": ["Proposal", "Proposal", "Proposal", "Unknown"],
            "probability": [0.6, 0.6, 0.6, 0.9],
            "close_day": [120.0, 99.0, 99.0, np.nan],
            "push_count": [1, 0, 2, 0],
            "stage_day": [50, 50, 5, 50],
        }
    )
    chances, without = rule_for_deals(deals, day=100, won_share=0.3)
    assert chances.tolist() == pytest.approx([0.6, 0.3, 0.075, 0.3])
    assert without["time to close date"].to_list() == pytest.approx([0.6, 0.6, 0.15, 0.3])
    assert without["stage"].to_list() == pytest.approx([0.3, 0.15, 0.0375, 0.3])


def test_the_rule_for_leads_goes_by_how_far_they_have_come():
    leads = pd.DataFrame(
        {
            "qualified": ["not qualified", "sales qualified", "marketing qualified"],
            "age": [10, 10, 100],
            "touch_age": [np.nan, 3.0, 40.0],
        }
    )
    chances, _ = rule_for_leads(leads)
    assert chances.tolist() == pytest.approx([0.05, 0.45, 0.075])


def levels(shares: dict[str, float], count: int, first: int = 0) -> pd.DataFrame:
    values = RANDOM.choice(list(shares), count, p=list(shares.values()))
    return pd.DataFrame({"stage": values}, index=pd.RangeIndex(first, first + count))


USUAL = {"early": 0.5, "middle": 0.3, "late": 0.2}


def test_a_population_that_changed_is_seen_and_told():
    changed = {"early": 0.1, "middle": 0.3, "late": 0.6}
    (found,) = population("opportunity", [levels(USUAL, 600)], levels(changed, 200))
    assert found["is_drifted"]
    assert found["value"] > found["warning_limit"]
    assert found["note"].startswith(("'late' in 6", "'late' in 5", "'early' in 1", "'early' in 0"))


def test_samples_of_an_unchanged_population_seldom_warn_however_small():
    warned = [
        next(iter(population("lead", [levels(USUAL, 60)], levels(USUAL, 30))))["is_drifted"]
        for _ in range(300)
    ]
    assert sum(warned) <= 9


def test_too_few_to_compare_are_not_watched():
    assert list(population("lead", [levels(USUAL, 600)], levels(USUAL, 29))) == []
    assert list(population("lead", [], levels(USUAL, 600))) == []


def test_a_region_that_wins_less_than_was_expected_is_seen_and_no_other():
    cases = all_cases(
        [
            cases_of(0, 0.3, 0.0, region="South"),  # long ago, and no matter now
            *[cases_of(day, 0.3, 0.3, region="North") for day in (91, 182)],
            *[cases_of(day, 0.3, 0.15, region="South", count=150) for day in (91, 182)],
        ]
    )
    found = {row["watched"]: row for row in calibration("opportunity", cases)}
    assert {name for name, row in found.items() if row["is_drifted"]} == {"South"}
    assert found["South"]["note"] == "46 came, 90.0 were expected"
    assert found["all"]["case_count"] == 1100


def test_a_group_of_which_little_is_expected_says_nothing():
    cases = cases_of(91, 0.02, 0.5, count=400, region="Tiny")
    assert list(calibration("lead", cases)) == []
