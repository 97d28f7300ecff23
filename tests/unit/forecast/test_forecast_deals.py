"""How deals stood at the end of a day, and how they went on."""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.deals import (
    NEVER,
    created_between,
    known_by,
    open_on,
    won_ahead,
    won_at,
)

RATES = pd.DataFrame(
    [("USD", 1.0, -1e6, float("nan")), ("EUR", 2.0, -1e6, 50.0), ("EUR", 3.0, 50.0, float("nan"))],
    columns=["currency_code", "factor", "from_day", "to_day"],
)
OPEN, WON, LOST = (False, False), (True, True), (True, False)


def versions(*rows: tuple[str, int, tuple[bool, bool], dict[str, object]]) -> pd.DataFrame:
    """Versions of deals: key, day, how it stood, and what else differs from the usual deal."""
    made = [
        {
            "opportunity_key": key,
            "owner_key": "rep",
            "price_group": "rep",
            "account_key": "account",
            "stage_name": "Closed" if stood[0] else "Prospecting",
            "is_closed": stood[0],
            "is_won": stood[1],
            "is_assumed": False,
            "currency_code": "USD",
            "amount_original": 100.0,
            "known_day": day,
            "close_day": 90.0,
        }
        | other
        for key, day, stood, other in rows
    ]
    table = pd.DataFrame(made)
    ended = table.groupby("opportunity_key")["known_day"].shift(-1)
    given = table["ended_day"] if "ended_day" in table else float("nan")
    return table.assign(
        ended_day=ended.fillna(given), cents_at_close=table["amount_original"] * 100
    )


def test_a_deal_stands_as_its_last_version_of_the_day_says():
    deals = versions(
        ("a", 10, OPEN, {}), ("a", 20, OPEN, {"stage_name": "Proposal"}),
        ("a", 20, OPEN, {"stage_name": "Negotiation"}), ("a", 30, LOST, {}),
    )  # fmt: skip
    known = known_by(deals, RATES, 40)
    assert open_on(known, 9).empty
    assert open_on(known, 19)["stage_name"].to_list() == ["Prospecting"]
    assert open_on(known, 20)["stage_name"].to_list() == ["Negotiation"]
    assert open_on(known, 30).empty


def test_what_happens_later_is_not_known():
    deals = versions(("a", 10, OPEN, {}), ("a", 30, WON, {"close_day": 30.0}))
    then, now = known_by(deals, RATES, 29), known_by(deals, RATES, 30)
    assert then["outcome_day"].to_list() == [NEVER]
    assert then["ended_day"].to_list() == [NEVER]
    assert now["outcome_day"].to_list() == [30, 30]
    assert now["is_lost"].to_list() == [False, False]


def test_a_win_counts_on_its_close_date_whenever_it_was_entered():
    late = versions(("a", 10, OPEN, {}), ("a", 30, WON, {"close_day": 25.0}))
    early = versions(("a", 10, OPEN, {}), ("a", 30, WON, {"close_day": 45.0}))
    assert known_by(late, RATES, 30)["outcome_day"].to_list() == [25, 25]
    assert known_by(early, RATES, 44)["outcome_day"].to_list() == [NEVER, NEVER]
    assert known_by(early, RATES, 45)["outcome_day"].to_list() == [45, 45]
    assert won_ahead(known_by(early, RATES, 44), 44)["opportunity_key"].to_list() == ["a"]
    assert won_ahead(known_by(early, RATES, 45), 45).empty


def test_a_deal_deleted_while_open_is_lost_and_a_reopened_one_has_its_next_outcome():
    deals = versions(
        ("deleted", 10, OPEN, {"ended_day": 20.0}),
        ("reopened", 10, OPEN, {}), ("reopened", 20, LOST, {}),
        ("reopened", 30, OPEN, {}), ("reopened", 40, WON, {"close_day": 40.0}),
    )  # fmt: skip
    known = known_by(deals, RATES, 50)
    assert known["outcome_day"].to_list() == [20, 20, 20, 40, 40]
    assert known["is_lost"].to_list() == [True, True, True, False, False]


def test_pushes_and_stages_look_back():
    deals = versions(
        ("a", 10, OPEN, {"close_day": 20.0}), ("a", 15, OPEN, {"close_day": 25.0}),
        ("a", 20, OPEN, {"close_day": 40.0, "stage_name": "Proposal"}),
        ("a", 22, OPEN, {"close_day": 35.0, "stage_name": "Proposal"}),
        ("a", 30, OPEN, {"close_day": 70.0, "stage_name": "Proposal"}),
    )  # fmt: skip
    known = known_by(deals, RATES, 50)
    assert known["push_count"].to_list() == [0, 0, 1, 1, 2]
    assert known["stage_day"].to_list() == [10, 10, 20, 20, 20]
    assert known["created_day"].to_list() == [10] * 5


def test_of_an_assumed_state_only_that_the_deal_was_there_is_believed():
    deals = versions(("a", 10, OPEN, {"is_assumed": True}), ("a", 30, WON, {"close_day": 30.0}))
    state = open_on(known_by(deals, RATES, 40), 20).iloc[0]
    assert state["stage_name"] == "Unknown"
    assert state[["cents", "close_day", "account_key"]].isna().all()
    assert state["owner_key"] == "rep"


def test_an_open_amount_is_converted_at_the_rate_of_the_day_and_counts_for_nothing_without_one():
    deals = versions(
        ("euro", 10, OPEN, {"currency_code": "EUR"}),
        ("no rate", 10, OPEN, {"currency_code": "CHF"}),
        ("no amount", 10, OPEN, {"amount_original": None}),
    )
    before, after = known_by(deals, RATES, 49)["cents"], known_by(deals, RATES, 50)["cents"]
    assert before.fillna(-1).to_list() == [20_000, 0, -1]
    assert after.fillna(-1).to_list() == [30_000, 0, -1]


def test_what_came_after_a_day_is_told_by_month_for_deals_that_were_there_and_new_ones():
    deals = versions(
        ("old", 10, OPEN, {}), ("old", 35, WON, {"close_day": 35.0}),
        ("new", 32, OPEN, {}), ("new", 60, WON, {"close_day": 60.0}),
        ("before", 1, OPEN, {}), ("before", 20, WON, {"close_day": 20.0}),
    )  # fmt: skip
    known = known_by(deals, RATES, 80)
    assert won_at(known, 30, is_new=False) == {1970 * 12 + 1: 100.0}
    assert won_at(known, 30, is_new=True) == {1970 * 12 + 2: 100.0}


def test_deals_created_begin_on_the_day_before():
    deals = versions(("a", 10, OPEN, {}), ("a", 12, OPEN, {"stage_name": "Proposal"}))
    known = known_by(deals, RATES, 50)
    assert created_between(known, 10, 20).empty
    (born,) = created_between(known, 9, 10).to_dict("records")
    assert (born["state_day"], born["stage_name"]) == (9, "Prospecting")
