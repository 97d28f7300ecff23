"""What figures about the market teach, where we draw how the company follows them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.forecast.market import known_index, market_pull

END = 2026 * 12
MONTHS = 48


def following(lag: int, strength: float, noise: float = 0.0, seed: int = 1):
    """A wave in the market, and a company that follows it so many months later."""
    random = np.random.default_rng(seed)
    months = np.arange(END - MONTHS - 24, END)
    wave = 0.2 * np.sin(months / 5)
    index = pd.DataFrame([100 * np.exp(wave)], index=["software"], columns=months)
    led = np.interp(np.arange(END - MONTHS, END + 6) - lag, months, wave)
    bookings = 1000 * np.exp(strength * led + random.normal(0, noise, MONTHS + 6))
    return bookings[:MONTHS], bookings[MONTHS:], index


@pytest.mark.parametrize("lag", [3, 6])
def test_a_company_that_follows_the_market_is_moved_by_as_much_as_it_follows(lag):
    past, to_come, index = following(lag, strength=1.0)
    pull = market_pull(past, END, index, lag)
    assert (pull.series, pull.lag) == ("software", lag)
    truth = to_come[:lag] / past[-1]
    assert np.log(pull.factors) == pytest.approx(np.log(truth), abs=0.25 * abs(np.log(truth)).max())
    assert len(pull.factors) == lag


def test_a_company_that_does_not_follow_is_hardly_moved():
    past, _, index = following(3, strength=0.0, noise=0.1)
    assert market_pull(past, END, index, 3).factors == pytest.approx(np.ones(3), abs=0.12)


def test_beyond_its_lag_the_market_stays_where_it_is_last_known():
    past, _, index = following(3, strength=1.0)
    factors = market_pull(past, END, index, 12).factors
    assert factors[2:].tolist() == [factors[2]] * 10


def test_of_several_series_the_one_that_explained_growth_counts():
    past, _, index = following(3, strength=1.0)
    other = pd.DataFrame(
        [np.roll(index.loc["software"], 9)], index=["boats"], columns=index.columns
    )
    assert market_pull(past, END, pd.concat([other, index]), 3).series == "software"


@pytest.mark.parametrize("months", [0, 5, 16])
def test_too_short_a_history_teaches_nothing(months):
    past, _, index = following(3, strength=1.0)
    assert market_pull(past[MONTHS - months :], END, index, 3) is None


def test_neither_does_a_market_that_stands_still_or_nobody_knows():
    past, _, index = following(3, strength=1.0)
    assert market_pull(past, END, index * 0 + 100, 3) is None
    assert market_pull(past, END, index.iloc[:0], 3) is None


def test_corrections_and_months_that_are_not_over_are_not_known():
    ever, later = pd.Timestamp("1900-01-01"), pd.Timestamp("2026-05-10")
    market = pd.DataFrame(
        [
            ("a", END, 1.0, ever, later),
            ("a", END, 2.0, later, pd.NaT),
            ("a", END + 4, 9.0, ever, pd.NaT),
        ],
        columns=["series_name", "month", "index_value", "valid_from", "valid_to"],
    )
    assert known_index(market, pd.Timestamp("2026-05-01"), END + 4).to_numpy().tolist() == [[1.0]]
    assert known_index(market, pd.Timestamp("2026-05-11"), END + 4).to_numpy().tolist() == [[2.0]]
