"""A forecast, and each past origin of its backtest, uses only what was known on its day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from small_company import ZONE, User, World, company, seasonal_world, utc, won_deal
from small_marts import build_marts, day_end, inputs_of

from orchestration.forecast.combine import outlooks
from orchestration.forecast.hierarchy import COMPANY
from orchestration.forecast.inputs import Inputs, StaleMartsError, read_inputs
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import QuarterPlaces, day_number, origin_before
from orchestration.forecast.run import forecast_bookings
from orchestration.forecast.series import snapshot

NOW = dt.date(2026, 6, 18)
ORIGIN = dt.date(2026, 2, 16)


def eventful_world() -> World:
    """Deals registered late, lost again, reopened, re-priced, given away; people who move."""
    world = seasonal_world(reps=4)
    (late,) = {"late": won_deal("rep 1", dt.date(2026, 1, 20), 5000.0)}.values()
    won = late[1]
    cancelled = (*late, dataclasses.replace(won, valid_from=utc(2026, 3, 1), is_won=False))
    repriced = (*late, dataclasses.replace(won, valid_from=utc(2026, 4, 1), amount=1.0))
    deleted = (*late, dataclasses.replace(won, valid_from=utc(2026, 5, 1), is_deleted=True))
    given_away = (
        *late,
        dataclasses.replace(won, valid_from=utc(2026, 3, 5), owner="rep 2"),
    )
    return world.with_deals(
        {
            "cancelled": cancelled,
            "repriced": repriced,
            "deleted": deleted,
            "given away": given_away,
            "registered in march": won_deal(
                "rep 0", dt.date(2026, 1, 30), 70000.0, booked=utc(2026, 3, 10)
            ),
        }
    ).with_users(
        User("rep 3", "lead b", valid_from=utc(2026, 1, 1)),
        User("rep 2", "lead a", valid_from=utc(2026, 4, 1)),
        User("rep 0", "lead b", is_active=False, valid_from=utc(2026, 5, 1)),
    )


def forecast_from(inputs: Inputs, origin: dt.date) -> Made:
    """What is forecast from an origin, taught by the three before it."""
    made: list[Made] = []
    for age in (3, 2, 1, 0):
        made.insert(0, make(inputs, origin_before(origin, age), QuarterPlaces(2), made))
    return made[0]


def assert_same_forecasts(one: Made, other: Made) -> None:
    pd.testing.assert_frame_equal(one.snapshot.booked, other.snapshot.booked, check_dtype=False)
    pd.testing.assert_frame_equal(one.snapshot.history, other.snapshot.history, check_dtype=False)
    pd.testing.assert_frame_equal(one.open_share, other.open_share)
    made, made_too = outlooks(one), outlooks(other)
    assert made.keys() == made_too.keys()
    for key, outlook in made.items():
        pd.testing.assert_frame_equal(outlook.to_come, made_too[key].to_come)
        assert outlook.models == made_too[key].models


def known_later(table: pd.DataFrame) -> pd.Series[bool]:
    if "known_day" in table:
        return table["known_day"] > day_number(ORIGIN)
    return table["known_from"] >= pd.Timestamp(day_end(ORIGIN))


def test_the_backtest_forecasts_exactly_as_a_run_of_that_day_would_have():
    world = eventful_world()
    then = forecast_from(inputs_of(world, ORIGIN), ORIGIN)
    in_hindsight = forecast_from(inputs_of(world, NOW), ORIGIN)
    assert then.expected is not None
    assert_same_forecasts(in_hindsight, then)


def test_everything_after_the_origin_may_be_shuffled_without_changing_its_forecast():
    inputs = inputs_of(eventful_world(), NOW)
    random = np.random.default_rng(5)
    shuffled = {}
    for name in ("versions", "deals"):
        table = getattr(inputs, name).copy()
        later = known_later(table)
        assert 20 < later.sum() < len(table)
        for column in table.columns.difference(["opportunity_key", "known_day", "known_from"]):
            table.loc[later, column] = random.permutation(table.loc[later, column].to_numpy())
        shuffled[name] = table
    scrambled = dataclasses.replace(inputs, booked=inputs.booked.head(0), **shuffled)
    assert_same_forecasts(forecast_from(scrambled, ORIGIN), forecast_from(inputs, ORIGIN))


def test_everything_after_the_origin_may_be_deleted_without_changing_its_forecast():
    inputs = inputs_of(eventful_world(), NOW)
    cut = dataclasses.replace(
        inputs,
        booked=inputs.booked.head(0),
        versions=inputs.versions[~known_later(inputs.versions)],
        deals=inputs.deals[~known_later(inputs.deals)],
        rates=inputs.rates[inputs.rates["from_day"] <= day_number(ORIGIN)],
    )
    assert_same_forecasts(forecast_from(cut, ORIGIN), forecast_from(inputs, ORIGIN))


def test_a_deal_registered_after_the_origin_was_not_known_there_whatever_its_close_date():
    world = World(
        {
            "old": won_deal("rep", dt.date(2026, 1, 5), 100.0),
            "registered late": won_deal(
                "rep", dt.date(2026, 1, 30), 900.0, booked=utc(2026, 3, 10)
            ),
        }
    )
    inputs = inputs_of(world, NOW)
    assert snapshot(inputs, ORIGIN).history.sum().to_list() == [100.0]
    assert snapshot(inputs, dt.date(2026, 3, 31)).history.sum().to_list() == [1000.0, 0.0, 0.0]


def test_a_deal_won_before_its_close_date_is_not_booked_yet():
    early = won_deal("rep", dt.date(2026, 2, 20), 100.0, booked=utc(2026, 2, 10))
    later = won_deal("rep", dt.date(2026, 6, 25), 900.0, booked=utc(2026, 6, 10))
    inputs = inputs_of(World({"early": early, "later": later}), NOW)
    assert snapshot(inputs, ORIGIN).booked.loc[COMPANY].sum() == 0.0
    assert snapshot(inputs, dt.date(2026, 2, 20)).booked.loc[COMPANY, 0] == 100.0
    assert snapshot(inputs, NOW).booked.loc[COMPANY, 0] == 0.0


def test_a_deal_lost_again_was_booked_until_then():
    won = won_deal("rep", dt.date(2026, 1, 5), 100.0)
    lost = dataclasses.replace(won[1], valid_from=utc(2026, 3, 1), is_won=False)
    inputs = inputs_of(World({"deal": (*won, lost)}), NOW)
    assert snapshot(inputs, ORIGIN).history.sum().to_list() == [100.0]
    assert snapshot(inputs, dt.date(2026, 3, 31)).months == 0


def test_the_day_ends_at_midnight_of_the_business_time_zone():
    deal = won_deal("rep", ORIGIN, 100.0, booked=utc(2026, 2, 16, 17))
    earlier = won_deal("rep", dt.date(2026, 1, 5), 1.0)
    inputs = inputs_of(World({"deal": deal, "earlier": earlier}), NOW)
    assert snapshot(inputs, ORIGIN).booked.loc[COMPANY, 0] == 0.0  # 17:00 UTC is the next day
    assert snapshot(inputs, ORIGIN + dt.timedelta(days=1)).booked.loc[COMPANY, 0] == 100.0


def test_a_close_that_nobody_recorded_counts_from_its_close_date_and_is_told():
    world = World(
        {
            "assumed": won_deal("rep", dt.date(2026, 1, 5), 100.0, source="assumed"),
            "tracked": won_deal("rep", dt.date(2026, 2, 5), 300.0),
            **{f"{m}": won_deal("rep", dt.date(2026, m, 5), 0.0) for m in (3, 4, 5)},
        }
    )
    warehouse = build_marts(world, NOW)
    forecast_bookings(warehouse, company())
    ((share,),) = warehouse.execute(
        "select assumed_amount_share from marts.fct_forecast_run"
    ).fetchall()
    assert share == 0.25
    inputs = read_inputs(warehouse, NOW, ZoneInfo(ZONE))
    assert snapshot(inputs, ORIGIN).history.sum().to_list() == [100.0]


def test_a_foreign_amount_of_the_past_is_converted_at_the_rate_of_its_close_date():
    won = tuple(
        dataclasses.replace(version, currency="EUR")
        for version in won_deal("rep", dt.date(2026, 1, 5), 100.0)
    )
    inputs = inputs_of(World({"deal": won}), NOW)
    assert snapshot(inputs, ORIGIN).history.sum().to_list() == [200.0]
    assert snapshot(inputs, NOW).history.iloc[:, 0].to_list() == [200.0]


def test_marts_of_another_date_are_refused():
    warehouse = build_marts(seasonal_world(3), NOW)
    with pytest.raises(StaleMartsError, match="true for 2026-06-18, not for 2026-05-01"):
        forecast_bookings(warehouse, company(), dt.date(2026, 5, 1))
    assert warehouse.execute("select count(*) from marts.fct_forecast_run").fetchall() == [(0,)]


def test_a_run_of_a_day_before_the_first_extract_is_marked_as_reconstructed():
    marked = []
    for first_extract in (NOW, NOW + dt.timedelta(days=1)):
        warehouse = build_marts(seasonal_world(6, reps=1), NOW)
        warehouse.execute("update ops.load_ledger set extract_date = ?", [first_extract])
        forecast_bookings(warehouse, company())
        marked += warehouse.execute(
            "select is_reconstructed, note like '%Nothing was extracted before 2026-06-19%'"
            " from marts.fct_forecast_run"
        ).fetchall()
    assert marked == [(False, False), (True, True)]
