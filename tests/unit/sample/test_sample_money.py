from __future__ import annotations

import datetime as dt

from orchestration.sample.money import agreed_amount, amount_text, percent_of, rate_at, rate_text


def test_amounts_are_written_as_the_api_writes_them() -> None:
    assert amount_text(1_200_000) == "12000.0"
    assert amount_text(1_234_567) == "12345.67"
    assert amount_text(1_234_560) == "12345.6"
    assert amount_text(5) == "0.05"
    assert amount_text(None) == ""


def test_a_percentage_is_rounded_half_up_to_the_hundredth() -> None:
    assert percent_of(150, 33) == 50  # 49.5
    assert percent_of(149, 33) == 49  # 49.17


def test_a_rate_holds_from_its_first_day_until_the_day_before_the_next() -> None:
    assert rate_text(rate_at("EUR", dt.date(2023, 3, 31))) == "0.9340"
    assert rate_text(rate_at("EUR", dt.date(2023, 4, 1))) == "0.9200"
    assert rate_text(rate_at("EUR", dt.date(2022, 1, 1))) == "0.9340"
    assert rate_text(rate_at("USD", dt.date(2026, 6, 30))) == "1.0000"


def test_people_agree_on_round_sums_in_their_currency() -> None:
    day = dt.date(2026, 6, 30)
    assert agreed_amount(1_000, "VND", day) == 26_000_000 * 100
    assert agreed_amount(1_001, "USD", day) == 1_000 * 100
    assert agreed_amount(0.01, "EUR", day) == 50 * 100
