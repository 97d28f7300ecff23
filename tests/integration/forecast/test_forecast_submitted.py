"""What reps and managers submit, as a method beside the others."""

from __future__ import annotations

import datetime as dt

import pytest
from small_company import Submission, User, World, company, utc, won_deal
from small_marts import build_marts, inputs_of, outlooks_of

from orchestration.forecast.combine import Outlook
from orchestration.forecast.hierarchy import COMPANY
from orchestration.forecast.origins import make
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.run import forecast_bookings
from orchestration.forecast.series import snapshot

NOW = dt.date(2026, 6, 18)
JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)
MONTHS = [dt.date(2023 + n // 12, n % 12 + 1, 5) for n in range(41)]


def two_reps(*submissions: Submission) -> World:
    """A lead with two reps who book 100 and 30 every month; 40 of the first are booked in June."""
    users = (User("lead"), User("one", "lead"), User("two", "lead"))
    deals = {f"one {day}": won_deal("one", day, 100.0) for day in MONTHS}
    deals |= {f"two {day}": won_deal("two", day, 30.0) for day in MONTHS}
    deals["in june"] = won_deal("one", dt.date(2026, 6, 5), 40.0)
    return World(deals, users).with_submissions(*submissions)


def said(user: str, month: dt.date, amount: float, **more: object) -> Submission:
    return Submission(user, month, amount, **{"valid_from": utc(2026, 6, 10), **more})


def submitted(world: World) -> Outlook:
    return outlooks_of(inputs_of(world, NOW), NOW)["bottom_up", "submitted"]


def test_a_submission_is_of_the_whole_month_and_what_is_booked_is_part_of_it():
    to_come = submitted(two_reps(said("one", JUNE, 90.0), said("one", JULY, 70.0))).to_come
    assert to_come.loc[("rep", "one"), [0, 1]].to_list() == [50.0, 70.0]


def test_who_submitted_less_than_is_booked_expects_no_more():
    assert submitted(two_reps(said("one", JUNE, 10.0))).to_come.loc[("rep", "one"), 0] == 0.0


def test_where_nobody_submitted_the_median_of_the_series_stands():
    outlook = submitted(two_reps(said("one", JULY, 70.0)))
    assert outlook.to_come.loc[("rep", "two"), [1, 2]].to_list() == [30.0, 30.0]
    assert outlook.to_come.loc[("rep", "one"), 2] == 100.0
    model = dict(zip(outlook.to_come.index, outlook.models, strict=True))["rep", "two"]
    assert model.startswith("Submitted for the months with a submission, else ")


def test_a_managers_submission_is_the_teams_and_says_nothing_of_single_reps():
    world = two_reps(said("lead", JULY, 200.0), said("one", JULY, 70.0))
    made = make(inputs_of(world, NOW), NOW, QuarterPlaces(1), [])
    member = made.members["submitted"]
    assert member.company[1] == 200.0
    assert member.reps[1].to_dict() == {"one": 70.0, "two": 30.0}


def test_the_company_is_what_the_reps_submitted_and_the_rest_as_it_was():
    made = make(inputs_of(two_reps(said("one", JULY, 70.0)), NOW), NOW, QuarterPlaces(1), [])
    assert made.members["submitted"].company[1] == 70.0 + 30.0


def test_a_submission_counts_from_the_moment_it_was_made():
    world = two_reps(
        said("one", JUNE, 90.0, valid_to=utc(2026, 6, 15)),
        said("one", JUNE, 60.0, valid_from=utc(2026, 6, 15), valid_to=utc(2026, 6, 30)),
        said("one", JUNE, 10.0, valid_from=utc(2026, 6, 30)),
    )
    inputs = inputs_of(world, dt.date(2026, 7, 3))
    for day, amount in ((14, 90.0), (15, 60.0), (29, 60.0), (30, 10.0)):
        known = snapshot(inputs, dt.date(2026, 6, day)).submitted
        assert known["submitted"].to_list() == [amount]
    assert snapshot(inputs, dt.date(2026, 6, 9)).submitted.empty


@pytest.mark.parametrize(
    ("others", "amount"),
    [
        ([], 70.0),
        ([{"category": "Closed", "is_cumulative": False, "amount": 20.0}], 70.0),
        ([{"family": "Chairs", "amount": 5.0}], 70.0),
        ([{"kind": "quantity", "amount": 5.0}], 70.0),
    ],
    ids=["alone", "beside what is closed", "beside a family", "beside another kind"],
)
def test_amounts_that_hold_each_other_are_not_added(others, amount):
    more = [said("one", JULY, **other) for other in others]
    inputs = inputs_of(two_reps(said("one", JULY, 70.0), said("two", JULY, 1.0), *more), NOW)
    known = snapshot(inputs, NOW).submitted["submitted"]
    assert known["one", 2026 * 12 + 6] == amount


def test_categories_that_are_kept_apart_are_added_to_what_is_closed():
    apart = {"is_cumulative": False}
    world = two_reps(
        said("one", JULY, 50.0, **apart), said("one", JULY, 20.0, category="Closed", **apart)
    )
    assert snapshot(inputs_of(world, NOW), NOW).submitted["submitted"].to_list() == [70.0]


def test_before_anybody_submitted_the_stack_knows_of_no_submissions():
    world = two_reps(said("one", JULY, 70.0, valid_from=utc(2026, 6, 17)))
    then = outlooks_of(inputs_of(two_reps(), dt.date(2026, 6, 10)), dt.date(2026, 6, 10))
    in_hindsight = outlooks_of(inputs_of(world, NOW), dt.date(2026, 6, 10))
    assert in_hindsight["bottom_up", "stack"].models == then["bottom_up", "stack"].models
    stack = in_hindsight["bottom_up", "stack"].to_come.loc[COMPANY]
    assert stack.to_list() == then["bottom_up", "stack"].to_come.loc[COMPANY].to_list()
    now = outlooks_of(inputs_of(world, NOW), NOW)["bottom_up", "stack"]
    assert "submitted" in now.models[1]


def test_each_rep_and_manager_is_held_against_what_came():
    optimist = [
        said("one", month, 150.0, valid_from=dt.datetime.combine(month, dt.time()), adjusted=110.0)
        for month in (dt.date(2026, m, 1) for m in range(1, 6))
    ]
    realist = said("lead", dt.date(2026, 5, 1), 130.0, valid_from=utc(2026, 4, 1))
    warehouse = build_marts(two_reps(*optimist, realist), NOW)
    forecast_bookings(warehouse, company())
    rows = warehouse.execute(
        """
        select node_type, node_key, method, horizon, forecast_count, wape, bias, skill
        from marts.mart_forecast_accuracy where node_key is not null order by all
        """
    ).fetchall()
    assert rows == [
        ("rep", "one", "adjusted", 0, 5, pytest.approx(0.1), pytest.approx(0.1), None),
        ("rep", "one", "submitted", 0, 5, pytest.approx(0.5), pytest.approx(0.5), None),
        ("team", "lead", "adjusted", 0, 1, 0.0, 0.0, None),
        ("team", "lead", "adjusted", 1, 1, 0.0, 0.0, None),
        ("team", "lead", "submitted", 0, 1, 0.0, 0.0, None),
        ("team", "lead", "submitted", 1, 1, 0.0, 0.0, None),
    ]
    levels = warehouse.execute(
        "select distinct node_type from marts.mart_forecast_accuracy"
        " where method = 'submitted' and node_key is null order by all"
    ).fetchall()
    assert levels == [("company",), ("rep",), ("team",)]
