"""Reps and teams: who moved, who left, who is new."""

from __future__ import annotations

import datetime as dt

import pytest
from small_company import Quota, User, World, seasonal_world, utc, won_deal
from small_marts import inputs_of, outlooks_of

from orchestration.forecast.backtest import usual_month
from orchestration.forecast.combine import Outlook
from orchestration.forecast.hierarchy import COMPANY, UNASSIGNED
from orchestration.forecast.methods import SERIES_METHODS
from orchestration.forecast.reconcile import RECONCILIATIONS
from orchestration.forecast.series import Snapshot, snapshot

NOW = dt.date(2026, 6, 18)
JUNE = 2026 * 12 + 5


def snapshot_of(world: World, day: dt.date = NOW) -> Snapshot:
    return snapshot(inputs_of(world, NOW), day)


def made_of(world: World) -> dict[tuple[str, str], Outlook]:
    return outlooks_of(inputs_of(world, NOW), NOW)


def monthly(owner: str | None, amount: float, months: int = 30, until: int = JUNE) -> World:
    days = [dt.date(month // 12, month % 12 + 1, 5) for month in range(until - months, until)]
    return World({f"{owner} {day}": won_deal(owner, day, amount) for day in days})


def test_a_rep_who_left_is_part_of_the_past_only():
    world = seasonal_world(reps=4).with_users(
        User("rep 0", "lead b", is_active=False, valid_from=utc(2026, 5, 1))
    )
    assert snapshot_of(world).history.loc["rep 0"].sum() > 0
    for (_, method), outlook in made_of(world).items():
        to_come = outlook.to_come.loc[("rep", "rep 0")].sum()
        assert (to_come > 0) == (method == "seasonal_naive")


def test_the_company_still_expects_what_a_rep_who_left_used_to_sell_when_shared_from_the_top():
    users = (User("stays"), User("leaves"))
    world = World({**monthly("stays", 100.0).deals, **monthly("leaves", 300.0).deals}, users)
    left = User("leaves", is_active=False, valid_from=utc(2026, 6, 1))
    made = made_of(world.with_users(left))
    july = {name: made[name, "theta"].to_come.loc[COMPANY, 1] for name in ("bottom_up", "top_down")}
    assert july == {"bottom_up": 100.0, "top_down": 400.0}


def test_when_everybody_left_the_company_is_forecast_for_nobody_in_particular():
    world = World(monthly("rep", 100.0).deals, (User("rep"),))
    left = User("rep", is_active=False, valid_from=utc(2026, 6, 1))
    outlook = made_of(world.with_users(left))["bottom_up", "theta"]
    assert outlook.to_come.loc[("rep", UNASSIGNED), 1] == 100.0
    assert outlook.to_come.loc[COMPANY, 1] == 100.0


def test_at_past_origins_nobody_knew_that_a_user_left_whose_only_version_says_so():
    world = World(monthly("rep", 100.0).deals, (User("rep", is_active=False),))
    assert "rep" not in snapshot_of(world).selling
    assert "rep" in snapshot_of(world, dt.date(2026, 2, 16)).selling


def test_results_stay_where_they_were_made_and_the_future_goes_with_the_rep():
    users = (User("lead a"), User("lead b"), User("rep", "lead a"), User("other", "lead b"))
    deals = monthly("rep", 100.0).deals | monthly("other", 10.0).deals
    deals["before the move"] = won_deal("rep", dt.date(2026, 6, 3), 7.0)
    moved = User("rep", "lead b", valid_from=utc(2026, 6, 10))
    world = World(deals, users).with_users(moved)
    known = snapshot_of(world)
    assert known.booked.loc[("team", "lead a"), 0] == 7.0
    assert known.booked.loc[("team", "lead b"), 0] == 0.0
    outlook = made_of(world)["bottom_up", "theta"]
    assert outlook.to_come.loc[("team", "lead a"), 1] == 0.0
    assert outlook.to_come.loc[("team", "lead b"), 1] == 110.0


def test_a_managers_own_deals_are_the_managers_and_the_teams():
    users = (User("head"), User("lead", "head"), User("rep", "lead"))
    deals = monthly("rep", 100.0).deals | monthly("lead", 10.0).deals
    outlook = made_of(World(deals, users))["bottom_up", "theta"]
    july = outlook.to_come[1]
    assert july.loc[("rep", "lead")] == 10.0
    assert july.loc[("team", "lead")] == july.loc[("team", "head")] == july.loc[COMPANY] == 110.0


def test_managers_in_a_circle_do_not_stop_the_forecast():
    users = (User("one", "two"), User("two", "one"), User("rep", "one"))
    outlook = made_of(World(monthly("rep", 100.0).deals, users))["bottom_up", "theta"]
    assert outlook.to_come.loc[("team", "one"), 1] == 100.0
    assert outlook.to_come.loc[("team", "two"), 1] == 100.0


WAITING = {"open": won_deal("new", dt.date(2026, 7, 1), 9.0)[:1]}


@pytest.mark.parametrize("reconciliation", RECONCILIATIONS)
def test_a_new_rep_without_a_won_deal_expects_what_others_did_and_adds_up(reconciliation):
    made = made_of(seasonal_world(reps=4).with_deals(WAITING))
    for method in SERIES_METHODS[1:]:
        to_come = made[reconciliation, method].to_come
        reps = to_come.loc["rep"]
        others = reps.drop("new")[range(1, 13)].mean()
        assert (reps.loc["new", range(1, 13)] > 0.3 * others).all()
        assert (reps.loc["new", range(1, 13)] < 1.7 * others).all()
        assert reps.sum().to_numpy() == pytest.approx(to_come.loc[COMPANY].to_numpy(), abs=1e-6)
    naive = made[reconciliation, "seasonal_naive"]
    assert naive.to_come.loc[("rep", "new")].sum() == 0


def test_where_there_are_quotas_a_new_rep_without_one_expects_nothing_yet():
    world = seasonal_world(reps=4).with_deals(WAITING)
    month = NOW.replace(day=1)
    quotas = [Quota(f"rep {number}", month, 100.0) for number in range(4)]
    for added, is_expected in ([], False), ([Quota("new", month, 100.0)], True):
        outlook = made_of(world.with_quotas(*quotas, *added))["bottom_up", "median_ensemble"]
        assert (outlook.to_come.loc[("rep", "new")].sum() > 0) == is_expected


def test_a_quota_that_begins_later_makes_nobody_a_seller_now():
    world = seasonal_world(reps=2).with_quotas(
        Quota("rep 0", dt.date(2026, 6, 1), 100.0), Quota("rep 1", dt.date(2026, 7, 1), 100.0)
    )
    assert snapshot_of(world).on_quota == {"rep 0"}


def test_a_rep_is_new_since_the_first_deal_owned():
    since = snapshot_of(seasonal_world(reps=4).with_deals(WAITING)).since
    assert since["new"] == JUNE - 1
    assert since["rep 0"] <= JUNE - 35


@pytest.mark.parametrize("method", SERIES_METHODS[1:])
def test_a_rep_without_a_quota_expects_the_average_of_half_a_year_after_a_first_deal(method):
    deals = monthly("rep", 100.0).deals | monthly("new", 60.0, months=2).deals
    world = World(deals).with_quotas(Quota("rep", dt.date(2026, 6, 1), 100.0))
    outlook = made_of(world)["bottom_up", method]
    assert outlook.to_come.loc[("rep", "new"), 1] == 20.0


def test_a_rep_who_sold_nothing_may_surprise_by_a_tenth_of_what_reps_usually_sell():
    deals = monthly("one", 100.0).deals | monthly("two", 300.0).deals
    deals["open"] = won_deal("idle", dt.date(2026, 7, 1), 9.0, created=dt.date(2024, 7, 1))[:1]
    known = snapshot_of(World(deals))
    sizes = dict(zip(known.nodes, usual_month(known).tolist(), strict=True))
    assert sizes[COMPANY] == 400.0
    assert sizes["rep", "one"] == 100.0
    assert sizes["rep", "idle"] == 20.0


def test_errors_of_a_new_rep_are_as_large_as_those_of_who_sells_as_much():
    known = snapshot_of(seasonal_world(reps=4).with_deals(WAITING))
    sizes = dict(zip(known.nodes, usual_month(known).tolist(), strict=True))
    others = [sizes["rep", f"rep {number}"] for number in range(4)]
    assert 0.3 * min(others) < sizes["rep", "new"] < max(others)


def test_deals_without_an_owner_are_nobodys_and_part_of_the_company():
    deals = monthly("rep", 100.0).deals | monthly(None, 10.0).deals
    outlook = made_of(World(deals))["bottom_up", "theta"]
    assert outlook.to_come.loc[("rep", UNASSIGNED), 1] == 10.0
    assert outlook.to_come.loc[COMPANY, 1] == 110.0


def test_results_stay_in_the_region_of_then_and_reps_without_one_have_none():
    users = (User("rep", region="East"), User("other"))
    deals = monthly("rep", 100.0).deals | monthly("other", 10.0).deals
    deals["before the move"] = won_deal("rep", dt.date(2026, 6, 3), 7.0)
    moved = User("rep", region="West", valid_from=utc(2026, 6, 10))
    world = World(deals, users).with_users(moved)
    booked = snapshot_of(world).booked[0]
    assert (booked["region", "East"], booked["region", "West"]) == (7.0, 0.0)
    july = made_of(world)["bottom_up", "theta"].to_come[1]
    assert july["region", "West"] == 100.0
    assert july["region", UNASSIGNED] == 10.0
    assert july.loc["region"].sum() == july.loc[COMPANY]


def test_a_company_without_regions_has_no_forecast_of_any():
    known = snapshot_of(World(monthly("rep", 100.0).deals, (User("rep"),)))
    assert "region" not in known.nodes.get_level_values("node_type")
