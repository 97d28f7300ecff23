"""What open deals and deals to be created should bring, where the truth is drawn by us."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.deals import known_by, open_on
from orchestration.forecast.features import with_record
from orchestration.forecast.hazard import Hazard, fit_hazard
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.pipeline import expect

RATES = pd.DataFrame(
    [("USD", 1.0, -1e6, float("nan"))], columns=["currency_code", "factor", "from_day", "to_day"]
)
QUARTERS = QuarterPlaces(1)
DAYS = 800
WEEKLY_CLOSING, SHARE_WON = 0.10, {"strong": 0.7, "weak": 0.2}


def drawn_deals(seed: int = 1, per_day: int = 6) -> pd.DataFrame:
    """Deals of two stages, which close with the same chance each week and are won differently."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(DAYS * per_day):
        created, stage = number // per_day, ("strong", "weak")[number % 2]
        closes = created + int(random.geometric(1 - (1 - WEEKLY_CLOSING) ** (1 / 7)))
        is_won = bool(random.random() < SHARE_WON[stage])
        opened = {
            "opportunity_key": f"{number:05d}",
            "owner_key": f"rep {number % 3}",
            "price_group": "all",
            "account_key": None,
            "stage_name": stage,
            "is_closed": False,
            "is_won": False,
            "is_assumed": False,
            "currency_code": "USD",
            "amount_original": 100.0,
            "cents_at_close": 1e4,
            "known_day": created,
            "ended_day": float(closes),
            "close_day": created + 60.0,
        }
        closed = {
            **opened, "stage_name": "Closed", "is_closed": True, "is_won": is_won,
            "known_day": closes, "ended_day": float("nan"), "close_day": float(closes),
        }  # fmt: skip
        rows += [opened, closed]
    return pd.DataFrame(rows).astype({"account_key": object})


@pytest.fixture(scope="module")
def deals() -> pd.DataFrame:
    return drawn_deals()


@pytest.fixture(scope="module")
def learned(deals: pd.DataFrame) -> tuple[pd.DataFrame, Hazard]:
    known = known_by(deals, RATES, 700)
    hazard = fit_hazard(known, 700, QUARTERS)
    assert hazard
    return with_record(open_on(known, 700), known[known["is_closed"]], 700), hazard


def test_the_chance_to_close_in_a_week_is_the_one_that_was_drawn(learned):
    states, hazard = learned
    won, lost = hazard.chances(states)
    closes = (won + lost).mean(axis=0)
    assert closes[0] == pytest.approx(WEEKLY_CLOSING, abs=0.02)
    assert closes[:8].sum() == pytest.approx(1 - (1 - WEEKLY_CLOSING) ** 8, abs=0.05)


def test_a_stage_that_wins_more_often_has_the_better_chance(learned):
    states, hazard = learned
    won, lost = (chances[:, :8].sum(axis=1) for chances in hazard.chances(states))
    share = pd.Series(won / (won + lost)).groupby(states["stage_name"].to_numpy()).mean()
    assert share["strong"] == pytest.approx(0.7, abs=0.08)
    assert share["weak"] == pytest.approx(0.2, abs=0.08)


def test_won_lost_and_still_open_are_the_whole(learned):
    states, hazard = learned
    won, lost = hazard.chances(states)
    total = (won + lost).sum(axis=1)
    assert (won >= 0).all()
    assert (lost >= 0).all()
    assert (total < 1).all()


def test_the_chance_is_sharp_and_calibrated_on_deals_it_never_saw(deals, learned):
    states, hazard = learned
    chance = hazard.chances(states)[0][:, :8].sum(axis=1)
    closed = deals[deals["is_won"] & deals["known_day"].between(701, 756)]
    came = states["opportunity_key"].isin(closed["opportunity_key"]).to_numpy()
    assert chance.mean() == pytest.approx(came.mean(), abs=0.08)
    assert chance[came].mean() > chance[~came].mean() + 0.05


def test_what_is_expected_comes(deals):
    made = expect(known_by(deals, RATES, 700), 700, [728, 756], QUARTERS)
    assert made
    won = deals[deals["is_won"]]
    created = deals.groupby("opportunity_key")["known_day"].first()
    is_new = won["opportunity_key"].map(created) > 700
    closes = won["known_day"].between(701, 756)
    old, new = (100.0 * (closes & which).sum() for which in (~is_new, is_new))
    assert made.from_open.sum().sum() == pytest.approx(old, rel=0.15)
    assert made.from_new.sum().sum() == pytest.approx(new, rel=0.15)
    assert made.from_open[0].sum() > made.from_open[1].sum()
    assert made.from_new[0].sum() < made.from_new[1].sum()


def test_stretches_of_a_period_add_up(deals):
    known = known_by(deals, RATES, 700)
    whole, parts = (expect(known, 700, ends, QUARTERS) for ends in ([756], [703, 728, 756]))
    assert whole
    assert parts
    for line in ("from_open", "from_new"):
        total = getattr(parts, line).sum(axis=1)
        assert getattr(whole, line)[0].to_numpy() == pytest.approx(total.to_numpy())


def test_a_deal_won_whose_close_date_is_to_come_is_certain(deals):
    ahead = deals.iloc[-1:].assign(
        opportunity_key="ahead", owner_key="other", is_won=True, known_day=690, close_day=710.0
    )
    known = known_by(pd.concat([deals, ahead], ignore_index=True), RATES, 700)
    made = expect(known, 700, [705, 728], QUARTERS)
    assert made
    assert made.from_open.loc["other"].to_list() == [0.0, 100.0]


def test_a_deal_without_an_amount_is_worth_what_its_group_usually_brings(deals):
    priced = deals.assign(
        amount_original=deals["amount_original"].where(deals["is_closed"]),
        cents_at_close=deals["cents_at_close"].where(deals["is_closed"]),
    )
    made, usual = (expect(known_by(d, RATES, 700), 700, [728], QUARTERS) for d in (priced, deals))
    assert made
    assert usual
    assert made.from_open[0].sum() == pytest.approx(usual.from_open[0].sum(), rel=0.05)


def test_too_few_closed_deals_teach_nothing(deals):
    few = deals[deals["opportunity_key"] < "00020"]
    assert expect(known_by(few, RATES, 60), 60, [90], QUARTERS) is None
    assert expect(known_by(deals.head(0), RATES, 60), 60, [90], QUARTERS) is None


def test_deals_in_another_order_give_the_same(deals):
    turned = (
        deals.iloc[::-1]
        .sort_values("opportunity_key", kind="stable")
        .sort_values(["opportunity_key", "known_day"])
    )
    one, other = (expect(known_by(d, RATES, 700), 700, [728], QUARTERS) for d in (deals, turned))
    assert one
    assert other
    pd.testing.assert_frame_equal(one.from_open, other.from_open)
