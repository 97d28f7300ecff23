"""Scores of a day use what was known at its end, and become models when there is enough of it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
import small_marts
from small_company import Lead, User, Version, World, lost_deal, seasonal_world, utc, won_deal
from small_marts import build_marts, inputs_of

from orchestration.forecast.deals import NEVER, UNKNOWN
from orchestration.forecast.periods import QuarterPlaces, day_number
from orchestration.forecast.scores.leads import (
    LeadLook,
    conversion_chances,
    fit_leads,
    look_at_leads,
    states_on,
)
from orchestration.forecast.scores.opportunities import DealLook, look_at_deals, won_by_week
from orchestration.forecast.scores.reading import ScoreInputs, read_score_inputs
from orchestration.forecast.scores.run import score
from orchestration.forecast.scores.score_leads import score_leads

NOW, ORIGIN = dt.date(2026, 6, 18), dt.date(2025, 12, 31)
TODAY, THEN = day_number(NOW), day_number(ORIGIN)
QUARTERS = QuarterPlaces(2)


def score_inputs_of(world: World, as_of: dt.date) -> ScoreInputs:
    return read_score_inputs(build_marts(world, as_of))


def scored(world: World, as_of: dt.date = NOW) -> dict[str, pd.DataFrame]:
    return score(inputs_of(world, as_of), score_inputs_of(world, as_of), QUARTERS, lambda _: None)


@pytest.fixture(scope="module")
def world() -> World:
    return seasonal_world()


@pytest.fixture(scope="module")
def scores(world: World) -> dict[str, pd.DataFrame]:
    return scored(world)


def chances_of_deals(look: DealLook) -> pd.DataFrame:
    assert look.hazard is not None
    return pd.DataFrame(won_by_week(look.hazard, look.states), look.states["opportunity_key"])


def chances_of_leads(look: LeadLook) -> pd.Series[float]:
    assert look.model is not None
    return pd.Series(conversion_chances(look.model, look.states), look.states["lead_key"])


def test_deals_of_a_past_day_are_scored_as_they_would_have_been_on_it(world):
    now, then = inputs_of(world, NOW), inputs_of(world, ORIGIN)
    in_hindsight = look_at_deals(now.deals, now.rates, THEN, QUARTERS)
    pd.testing.assert_frame_equal(
        chances_of_deals(in_hindsight),
        chances_of_deals(look_at_deals(then.deals, then.rates, THEN, QUARTERS)),
    )


def test_leads_of_a_past_day_are_scored_as_they_would_have_been_on_it(world):
    now, then = score_inputs_of(world, NOW), score_inputs_of(world, ORIGIN)
    assert len(now.leads) > len(then.leads)
    pd.testing.assert_series_equal(
        chances_of_leads(look_at_leads(now, THEN)), chances_of_leads(look_at_leads(then, THEN))
    )


def test_what_became_of_leads_later_may_be_shuffled_without_changing_their_scores(world):
    inputs = score_inputs_of(world, NOW)
    random, leads = np.random.default_rng(5), inputs.leads.copy()
    for column in ("outcome_day", "responded_day", "mql_day", "sql_day"):
        later = leads[column] > THEN
        leads.loc[later, column] = random.permutation(leads.loc[later, column].to_numpy())
    touches = inputs.touches[inputs.touches["touched_day"] <= THEN]
    scrambled = dataclasses.replace(inputs, leads=leads, touches=touches)
    assert (leads["outcome_day"] != inputs.leads["outcome_day"]).sum() > 20
    pd.testing.assert_series_equal(
        chances_of_leads(look_at_leads(scrambled, THEN)),
        chances_of_leads(look_at_leads(inputs, THEN)),
    )


def test_a_status_written_when_a_lead_closes_changes_no_score(world, scores):
    told = {
        key: dataclasses.replace(lead, status="Closed - Converted" if lead.converted else "Dead")
        for key, lead in world.leads.items()
    }
    changed = score_leads(score_inputs_of(dataclasses.replace(world, leads=told), NOW), TODAY)
    pd.testing.assert_frame_equal(changed.rows, scores["fct_lead_score"])


def test_what_the_first_extract_shows_of_an_open_deal_was_seen_by_nobody_before(monkeypatch):
    monkeypatch.setattr(small_marts, "FIRST_EXTRACT", NOW - dt.timedelta(days=10))
    open_deal = Version(utc(2025, 6, 1), "rep", NOW, 5.0, stage="Proposal")
    shown = {
        "salesforce:shown": (dataclasses.replace(open_deal, source="observed"),),
        "salesforce:tracked": (open_deal,),
    }
    deals = inputs_of(World(shown), NOW)
    for day, stage in ((THEN, UNKNOWN), (TODAY - 11, UNKNOWN), (TODAY - 10, "Proposal")):
        look = look_at_deals(deals.deals, deals.rates, day, QUARTERS)
        assert look.states["opportunity_key"].to_list() == list(shown)
        assert look.states["stage_name"].to_list() == [stage, "Proposal"]
        assert look.states["created_day"].nunique() == 1


def test_every_open_deal_is_scored_by_the_model_with_a_reason_and_a_date(world, scores):
    deals = scores["fct_opportunity_score"]
    marts = build_marts(world, NOW)
    open_keys = marts.execute(
        "select opportunity_key from marts.fct_opportunity where not is_closed order by all"
    ).fetchall()
    assert deals["opportunity_key"].to_list() == [key for (key,) in open_keys]
    assert set(deals["method"]) == {"model"}
    assert deals["reason_1"].str.match("(raised|lowered): ").all()
    assert (deals["expected_close_date"] > pd.Timestamp(NOW)).all()


def test_leads_of_a_better_source_have_better_chances_and_the_source_is_a_reason(world, scores):
    leads = scores["fct_lead_score"]
    source = leads["lead_key"].map({key: lead.source for key, lead in world.leads.items()})
    age = leads["lead_key"].map(
        {key: (NOW - lead.became).days for key, lead in world.leads.items()}
    )
    young = leads[age < 20].groupby(source)["conversion_chance"].mean()
    assert young["Referral"] > 1.5 * young["Web"] > 3 * young["List"]
    best = leads[source == "Referral"].nlargest(5, "conversion_chance")
    said = best[["reason_1", "reason_2", "reason_3"]].to_numpy()
    assert all("raised: source is Referral" in row for row in said)


def test_the_accuracy_of_both_scores_is_told_beside_that_of_the_rules(scores):
    accuracy = scores["mart_forecast_accuracy"].set_index(["node_type", "horizon", "method"])
    assert list(accuracy.index) == [
        ("opportunity", 91, "model"), ("opportunity", 91, "rule"), ("opportunity", 182, "model"),
        ("opportunity", 182, "rule"), ("lead", 90, "model"), ("lead", 90, "rule"),
    ]  # fmt: skip
    leads = accuracy.loc["lead"]
    assert leads.loc[(90, "model"), "brier"] < leads.loc[(90, "rule"), "brier"]
    assert leads.loc[(90, "model"), "calibration_error"] < 0.05
    assert scores["fct_lead_score"]["is_calibrated"].all()
    told = set(scores["fct_lead_score"]["calibration_count"])
    assert told == {leads.loc[(90, "model"), "forecast_count"]}
    assert accuracy["is_published"].tolist() == [True, False] * 3


def closed_deals(won: int, lost: int) -> World:
    deals = {
        f"open {n}": lost_deal(
            "rep", NOW - dt.timedelta(days=9), None, 5.0, NOW + dt.timedelta(days=9 + n)
        )
        for n in range(3)
    }
    closes = [ORIGIN - dt.timedelta(days=n) for n in range(max(won, lost))]
    deals |= {f"won {n}": won_deal("rep", day, 5.0) for n, day in enumerate(closes[:won])}
    deals |= {
        f"lost {n}": lost_deal("rep", day - dt.timedelta(days=30), day, 5.0, day)
        for n, day in enumerate(closes[:lost])
    }
    return World(deals, (User("rep"),))


@pytest.mark.parametrize(("lost", "method"), [(199, "rule"), (200, "model")])
def test_deals_are_scored_by_rule_until_200_were_won_and_200_lost(lost, method):
    deals = scored(closed_deals(200, lost))["fct_opportunity_score"]
    assert deals["method"].to_list() == [method] * 3
    if method == "rule":
        assert deals["win_chance"].to_list() == [0.1] * 3  # what the CRM gives the stage
        assert deals["expected_close_date"].to_list() == [
            pd.Timestamp(NOW) + pd.Timedelta(days=9 + n) for n in range(3)
        ]
        assert not deals["is_calibrated"].any()


def leads_of(converted: int, others: int) -> dict[str, Lead]:
    old, new = NOW - dt.timedelta(days=200), NOW - dt.timedelta(days=5)
    found = {f"c{n}": Lead(old, old + dt.timedelta(days=1 + n % 50)) for n in range(converted)}
    return found | {f"o{n}": Lead(new) for n in range(others)}


@pytest.mark.parametrize(("converted", "method"), [(119, "rule"), (120, "model")])
def test_leads_are_scored_by_rule_until_120_converted(converted, method):
    leads = scored(World(leads=leads_of(converted, 4)))["fct_lead_score"]
    assert leads["lead_key"].to_list() == [f"o{n}" for n in range(4)]
    assert set(leads["method"]) == {method}
    if method == "rule":
        assert leads["conversion_chance"].to_list() == [0.05] * 4


def test_leads_too_young_to_have_converted_are_no_negatives():
    """Every second lead converts on its 40th day; most of those seen are younger than that."""
    days = [NOW - dt.timedelta(days=n) for n in (*range(100, 500), *range(1, 30), *range(1, 30))]
    leads = {
        f"{n:04d}": Lead(day, day + dt.timedelta(days=40) if n % 2 else None, "Web")
        for n, day in enumerate(days * 2)
    }
    inputs = score_inputs_of(World(leads=leads), NOW)
    model = fit_leads(inputs, TODAY)
    assert model is not None
    states = states_on(inputs, TODAY)
    young = states[states["age"] < 7].reset_index(drop=True)
    assert (young["outcome_day"] == NEVER).all()
    assert conversion_chances(model, young).mean() == pytest.approx(0.5, abs=0.07)
    assert young["lead_key"].nunique() < len(leads) / 20


def test_a_region_that_stops_winning_is_warned_of():
    world = seasonal_world(reps=8)
    regions = {f"rep {n}": "North" if n % 2 else "South" for n in range(8)} | {"lead a": "North"}
    users = tuple(dataclasses.replace(u, region=regions.get(u.key)) for u in world.users)
    turned = NOW - dt.timedelta(days=185)
    deals = {}
    for key, versions in world.deals.items():
        last = versions[-1]
        if last.is_won and last.valid_from.date() > turned and regions[str(last.owner)] == "South":
            versions = (*versions[:-1], dataclasses.replace(last, is_won=False))
        deals[key] = versions
    drift = scored(dataclasses.replace(world, deals=deals, users=users))["mart_score_drift"]
    drifted = drift[drift["is_drifted"] & (drift["measure"] == "calibration_deviations")]
    assert "South" in set(drifted["watched"])
    assert "North" not in set(drifted["watched"])
    assert (drifted["value"] < 0).all()


def test_nothing_to_score_gives_nothing():
    found = scored(World())
    assert {name: len(rows) for name, rows in found.items()} == {
        "fct_opportunity_score": 0, "fct_lead_score": 0, "mart_score_drift": 0,
        "mart_forecast_accuracy": 0,
    }  # fmt: skip
