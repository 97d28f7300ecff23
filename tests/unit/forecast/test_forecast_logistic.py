"""Regression on levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.logistic import fit_logistic


def levels(**features: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Categorical(values) for name, values in features.items()})


def test_a_level_with_many_rows_has_its_own_share():
    rows = levels(stage=["late"] * 4000 + ["early"] * 4000)
    is_yes = np.arange(8000) % 4000 < np.where(np.arange(8000) < 4000, 3000, 400)
    chances = fit_logistic(rows, is_yes).chances(rows)
    assert chances[0] == pytest.approx(0.75, abs=0.005)
    assert chances[-1] == pytest.approx(0.10, abs=0.005)


def test_a_level_with_few_rows_is_judged_by_what_all_have_in_common():
    rows = levels(rep=["known"] * 1000 + ["new"] * 2)
    is_yes = np.r_[np.arange(1000) % 2 == 0, [True, True]]
    assert fit_logistic(rows, is_yes).chances(rows)[-1] == pytest.approx(0.58, abs=0.1)


def test_a_level_never_seen_adds_nothing():
    seen = levels(stage=["late", "early"] * 50)
    model = fit_logistic(seen, np.arange(100) % 2 == 0)
    unseen = levels(stage=["other"])
    assert model.parts(unseen)["stage"].to_list() == [0.0]
    assert model.chances(unseen)[0] == pytest.approx(1 / (1 + np.exp(-model.base)))


def test_what_features_add_sums_up_to_the_chance():
    random = np.random.default_rng(3)
    rows = levels(**{name: random.choice(["x", "y", "z"], 300).tolist() for name in ("a", "b")})
    model = fit_logistic(rows, random.random(300) < 0.3)
    odds = model.base + model.parts(rows).sum(axis=1)
    assert model.chances(rows) == pytest.approx(1 / (1 + np.exp(-odds)))


def test_two_features_are_told_apart():
    random = np.random.default_rng(4)
    rows = levels(
        **{name: random.choice(["no", "yes"], 20_000).tolist() for name in ("works", "does not")}
    )
    chance = np.where(rows["works"] == "yes", 0.6, 0.2)
    parts = fit_logistic(rows, random.random(20_000) < chance).parts(rows)
    gap = parts.groupby(rows["works"], observed=True)["works"].first()
    assert gap["yes"] - gap["no"] == pytest.approx(np.log(6), abs=0.15)
    assert np.ptp(parts["does not"]) < 0.1


def test_the_order_of_rows_and_outcomes_that_are_all_alike_are_no_trouble():
    random = np.random.default_rng(5)
    rows = levels(a=random.choice(["x", "y"], 100).tolist())
    yes = random.random(100) < 0.3
    turned = random.permutation(100)
    one, other = fit_logistic(rows, yes), fit_logistic(rows.loc[turned], yes[turned])
    assert one.chances(rows) == pytest.approx(other.chances(rows), abs=1e-9)
    always = fit_logistic(rows, np.ones(100, dtype=bool)).chances(rows)
    assert ((always > 0.98) & (always < 1)).all()
