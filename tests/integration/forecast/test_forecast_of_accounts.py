"""Accounts: what their reps should book, shared among them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from small_company import User, World, company, seasonal_world, utc, won_deal
from small_marts import build_marts, inputs_of

from orchestration.forecast import accounts
from orchestration.forecast.account_rows import unlisted_shares
from orchestration.forecast.accounts import naive, shared
from orchestration.forecast.combine import outlooks
from orchestration.forecast.hierarchy import COMPANY
from orchestration.forecast.origins import Made, make
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.run import forecast_bookings

NOW = dt.date(2026, 6, 18)
MONTHS = [dt.date(2024 + n // 12, n % 12 + 1, 5) for n in range(29)]


def at(account: str | None, deal: tuple) -> tuple:
    return tuple(dataclasses.replace(version, account=account) for version in deal)


def buying() -> World:
    """One rep sells to two accounts every month, another to a third and, without one, to nobody."""
    deals = {}
    for day in MONTHS:
        for rep, account, amount in (
            ("one", "big", 60.0), ("one", "small", 20.0), ("two", "third", 10.0),
            ("two", None, 10.0),
        ):  # fmt: skip
            deals[f"{rep} {account} {day}"] = at(account, won_deal(rep, day, amount))
    return World(deals, (User("one"), User("two")))


def made_of(world: World, origin: dt.date = NOW) -> Made:
    return make(inputs_of(world, NOW), origin, QuarterPlaces(1), [])


def july(made: Made, way: str, unlisted: float = 0.0) -> dict[str, float]:
    to_come = outlooks(made)["bottom_up", "theta"].to_come.loc["rep"]
    reps = to_come.reindex(sorted(made.snapshot.selling)).to_numpy()
    amounts = shared(made.accounts, reps, made.looks[way], np.full(13, unlisted))
    return dict(zip(made.accounts.keys, amounts[:, 1].tolist(), strict=True))


@pytest.mark.parametrize("way", ["croston", "tsb", "reorder cycle", "seasonal_naive"])
def test_accounts_share_what_their_own_rep_should_book(way):
    assert july(made_of(buying()), way) == pytest.approx(
        {"big": 60.0, "small": 20.0, "third": 20.0, "none:one": 0.0, "none:two": 0.0}, abs=0.02
    )


def test_averages_are_drawn_to_that_of_all_accounts():
    drawn = [(12 * monthly + 3 * 20.0) / 15 for monthly in (60.0, 20.0)]
    found = july(made_of(buying()), "average")
    assert found["big"] / found["small"] == pytest.approx(drawn[0] / drawn[1], rel=0.01)


def test_what_accounts_not_known_yet_will_bring_stays_with_the_rest_of_the_rep():
    found = july(made_of(buying()), "average", unlisted=0.5)
    assert (found["none:one"], found["none:two"]) == pytest.approx((40.0, 10.0), abs=0.02)
    assert found["big"] + found["small"] == pytest.approx(40.0, abs=0.02)


def test_an_open_deal_lists_an_account_that_never_bought():
    opened = at("new", won_deal("one", dt.date(2026, 7, 20), 900.0, created=dt.date(2026, 6, 1)))[
        :1
    ]
    made = made_of(buying().with_deals({"open": opened}))
    assert 0 < july(made, "average")["new"] < 20.0
    assert july(made, "tsb")["new"] == 0.0


def test_an_account_belongs_to_the_rep_of_its_newest_open_deal():
    handed_over = at("big", won_deal("two", dt.date(2026, 7, 20), 5.0, created=dt.date(2026, 6, 1)))
    found = july(made_of(buying().with_deals({"open": handed_over[:1]})), "average")
    assert found["small"] == pytest.approx(80.0, abs=0.02)
    assert found["big"] + found["third"] == pytest.approx(20.0, abs=0.02)


def test_an_account_whose_rep_left_expects_nothing_until_somebody_takes_it_over():
    left = User("two", is_active=False, valid_from=utc(2026, 6, 1))
    found = july(made_of(buying().with_users(left)), "average")
    assert found["third"] == 0.0
    assert found["big"] + found["small"] == pytest.approx(80.0, abs=0.02)


def test_past_origins_say_how_much_comes_from_accounts_not_known_before():
    deals = dict(buying().deals)
    for number, day in enumerate(MONTHS):  # each month somebody new buys once
        deals[f"new {day}"] = at(f"account {number}", won_deal("one", day, 100.0, created=day))
    inputs = inputs_of(World(deals, buying().users), NOW)
    past: list[Made] = []
    for month in (3, 4, 5):
        past.insert(0, make(inputs, dt.date(2026, month, 18), QuarterPlaces(1), past))
    shares = unlisted_shares(inputs, make(inputs, NOW, QuarterPlaces(1), past), past)
    assert shares[0] == pytest.approx(110 / 200)  # of one month ahead: the new, and no account
    later = unlisted_shares(inputs, past[0], past[1:])
    assert later[1] == pytest.approx(110 / 200)


def test_of_very_many_accounts_the_largest_are_listed(monkeypatch):
    monkeypatch.setattr(accounts, "MOST_LISTED", 2)
    found = july(made_of(buying()), "average")
    assert set(found) == {"big", "small", "none:one", "none:two"}
    assert found["none:two"] == 20.0


def test_where_an_account_returned_more_than_it_bought_the_naive_still_adds_up():
    deals = dict(buying().deals)
    last_july = dt.date(2025, 7, 9)
    deals["returned"] = at("small", won_deal("one", last_july, -50.0))
    made = made_of(World(deals, buying().users))
    found = dict(zip(made.accounts.keys, naive(made.accounts, made.snapshot)[:, 1], strict=True))
    # The rep's 60 + 20 - 50, and the other's 10 + 10: 50 among accounts that had 60, 10 and 10.
    assert found == {"big": 37.5, "small": 0.0, "third": 6.25, "none:one": 0.0, "none:two": 6.25}
    company = outlooks(made)["bottom_up", "seasonal_naive"].to_come.loc[COMPANY, 1]
    assert sum(found.values()) == company == 50.0


@pytest.fixture(scope="module")
def warehouse():
    world = seasonal_world(reps=3)
    deals = {
        key: at(f"account {number % 20}" if number % 7 else None, deal)
        for number, (key, deal) in enumerate(world.deals.items())
    }
    warehouse = build_marts(dataclasses.replace(world, deals=deals), NOW)
    forecast_bookings(warehouse, company())
    return warehouse


def test_accounts_add_up_to_the_company_in_every_period_of_the_published_and_the_naive(warehouse):
    rows = warehouse.execute(
        """
        select method, count(distinct node_key) filter (node_type = 'account'),
            sum(mean_amount) filter (node_type = 'account'),
            sum(mean_amount) filter (node_type = 'company'),
            sum(won_amount) filter (node_type = 'account'),
            sum(won_amount) filter (node_type = 'company')
        from marts.fct_forecast
        where method in ('seasonal_naive', (select published_method from marts.fct_forecast_run))
        group by method, period_type, period_start_date
        """
    ).fetchall()
    assert len(rows) == 2 * 18
    for _, count, mean, mean_of_all, won, won_of_all in rows:
        assert count >= 20
        assert (mean, won) == (mean_of_all, won_of_all)


def test_accounts_are_judged_and_the_way_they_share_is_told(warehouse):
    rows = warehouse.execute(
        "select method, min(origin_count), count(interval_coverage), count(skill)"
        " from marts.mart_forecast_accuracy where node_type = 'account' and horizon = 1"
        " group by method order by method = 'seasonal_naive'"
    ).fetchall()
    assert len(rows) == 2
    assert all(origins >= 7 and covered == skilled == 2 for _, origins, covered, skilled in rows)
    ((said,),) = warehouse.execute(
        "select count(*) from marts.fct_forecast_run"
        " where note like '%Accounts share what their reps should book by%'"
    ).fetchall()
    ((models,),) = warehouse.execute(
        "select count(distinct model) from marts.fct_forecast"
        " where node_type = 'account' and is_published and model like 'Share of the rep%'"
    ).fetchall()
    assert said == models == 1
