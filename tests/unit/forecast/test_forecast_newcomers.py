"""What a rep who began lately should book."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.newcomers import Variances, newcomers
from orchestration.forecast.season import NO_SEASON
from orchestration.forecast.series import Snapshot

ORIGIN = dt.date(2026, 6, 30)
MONTHS = 36
END = 2026 * 12 + 6
"""The month after the origin's, and so the first to forecast."""


def company(
    reps: dict[str, list[float]],
    began: dict[str, int],
    *,
    left: frozenset[str] = frozenset(),
    on_quota: frozenset[str] = frozenset(),
) -> Snapshot:
    """Reps by what they booked, the last month being the origin's, and months since they began."""
    history = pd.DataFrame(
        [np.r_[np.zeros(MONTHS - len(booked)), booked] for booked in reps.values()],
        index=list(reps),
        columns=range(END - MONTHS, END),
    )
    return Snapshot(
        origin=ORIGIN,
        history=history,
        late=history * 0,
        booked=history[[]],
        members={},
        selling=frozenset(reps) - left,
        since=pd.Series({rep: END - months for rep, months in began.items()}),
        on_quota=on_quota,
        submitted=pd.DataFrame(),
    )


OLD = {f"old {n}": [90.0, 110.0] * 18 for n in range(4)}
BEGAN = dict.fromkeys(OLD, MONTHS)


def test_a_rep_without_a_win_should_book_what_is_usual():
    known = company(OLD | {"new": []}, BEGAN | {"new": 0})
    made = newcomers(known, NO_SEASON, 3)
    assert list(made) == ["new"]
    assert made["new"].amounts.tolist() == [100.0, 100.0, 100.0]
    assert made["new"].model == "Reps as new, and by 0% the rep's own 0 months"


def test_what_reps_booked_when_as_new_is_what_the_next_should():
    grown = [0.0] * 3 + [20.0] * 3 + [100.0] * 18
    earlier = {f"earlier {n}": [level / 100 * amount for amount in grown]
               for n, level in enumerate((40, 100, 160))}  # fmt: skip
    began = dict.fromkeys(earlier, len(grown))
    known = company(OLD | earlier | {"new": []}, BEGAN | began | {"new": 0})
    amounts = newcomers(known, NO_SEASON, 12)["new"].amounts
    assert np.ptp(amounts[:3]) == 0
    assert amounts[0] < amounts[3] < amounts[6]
    assert amounts[0] < 60


@pytest.mark.parametrize(("own", "least", "most"), [(300.0, 100, 300), (0.0, 0, 100)])
def test_own_months_move_a_new_rep_away_from_the_usual_the_more_there_are(own, least, most):
    apart = {f"old {n}": [0.0, 2.0 * level] * 18 for n, level in enumerate((50, 100, 150))}
    began = dict.fromkeys(apart, MONTHS)
    off = []
    for months in (2, 8):
        known = company(apart | {"new": [own] * months}, began | {"new": months})
        expected = newcomers(known, NO_SEASON, 1)["new"].amounts[0]
        assert least < expected < most
        off.append(abs(expected - own))
    assert off[1] < off[0]


def test_a_rep_is_new_for_a_year_and_those_of_the_beginning_never_are():
    began = BEGAN | {"a year": 12, "eleven months": 11}
    known = company(OLD | {"a year": [50.0] * 12, "eleven months": [50.0] * 11}, began)
    assert list(newcomers(known, NO_SEASON, 2)) == ["eleven months"]
    young = {rep: booked[-6:] for rep, booked in OLD.items()}
    history = company(young, dict.fromkeys(young, 6))
    begun = Snapshot(**(vars(history) | {"history": history.history[range(END - 6, END)]}))
    assert newcomers(begun, NO_SEASON, 2) == {}


def test_nothing_is_expected_of_who_left_or_of_who_never_had_a_quota():
    reps = OLD | {"gone": [], "assistant": [], "new": []}
    began = BEGAN | {"gone": 4, "assistant": 4, "new": 4}
    known = company(
        reps, began, left=frozenset({"gone"}), on_quota=frozenset({*OLD, "gone", "new"})
    )
    assert list(newcomers(known, NO_SEASON, 1)) == ["new"]


def test_who_left_counts_until_the_last_win():
    left = {"left": [100.0] * 24 + [0.0] * 12}
    known = company(OLD | left | {"new": []}, BEGAN | {"left": MONTHS, "new": 0},
                    left=frozenset(left))  # fmt: skip
    assert newcomers(known, NO_SEASON, 1)["new"].amounts[0] == pytest.approx(100.0)


def test_one_rep_alone_has_nobody_to_be_compared_with():
    assert newcomers(company({"new": []}, {"new": 0}), NO_SEASON, 1) == {}


def test_the_season_is_left_out_of_what_is_expected():
    season = np.array([0.5, 1.5] * 6)
    months = dict.fromkeys(OLD, [50.0, 150.0] * 18)
    known = company(months | {"new": []}, BEGAN | {"new": 0})
    assert newcomers(known, season, 2)["new"].amounts == pytest.approx([100.0, 100.0])


def test_credibility_grows_with_months_and_with_how_much_reps_differ():
    assert Variances(within=8.0, between=2.0).credibility([0, 4, 12]).tolist() == [0, 0.5, 0.75]
    assert Variances(within=8.0, between=0.0).credibility([12]).tolist() == [0]
    assert Variances(within=0.0, between=0.0).credibility([12]).tolist() == [0]
