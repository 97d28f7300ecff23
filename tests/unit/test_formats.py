"""How pages and reports write figures."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest

from orchestration.formats import Formats, kind_of, label


@pytest.mark.parametrize(
    ("currency", "amount", "day"),
    [
        ("USD", "$1,234,568", "6/30/2026"),
        ("EUR", "1.234.568 €", "30/06/2026"),
        ("GBP", "£1,234,568", "30/06/2026"),
        ("VND", "1.234.568 ₫", "30/6/2026"),
        ("SEK", "1 234 568 kr", "2026-06-30"),
        ("INR", "₹12,34,568", "30/6/2026"),
        ("XAF", "FCFA1,234,568", "30/06/2026"),
    ],
)
def test_amounts_and_days_are_written_as_in_the_home_of_the_reporting_currency(
    currency, amount, day
):
    formats = Formats(currency, currency)
    written = re.sub(r"\s", " ", formats.write("bookings_amount", 1234567.891))
    assert written == amount
    assert formats.write("close_date", dt.date(2026, 6, 30)) == day


def test_another_currency_is_shown_with_its_own_sign_and_the_reporting_ones_separators():
    assert Formats("USD", "EUR").write("won_amount", 1234.4) == "€1,234"


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("bookings_amount", "money"),
        ("average_deal_amount", "money"),
        ("attributed_won_amount_markov", "money"),
        ("cost_per_lead", "money"),
        ("amount", "money"),
        ("amount_original", "original"),
        ("amount_affected", "original"),
        ("win_rate_amount", "rate"),
        ("attainment_rate", "rate"),
        ("probability", "rate"),
        ("coverage_ratio_full", "multiple"),
        ("roas_linear", "multiple"),
        ("entry_month_start_date", "date"),
        ("published_at", "moment"),
        ("valid_from", "moment"),
        ("won_count", "number"),
        ("sales_cycle_days_median", "number"),
        ("tenure_months", "number"),
        ("days_in_stage", "number"),
        ("is_amount_cut", "text"),
        ("opportunity_key", "text"),
        ("loss_reason", "text"),
    ],
)
def test_a_columns_name_tells_what_it_holds(column, kind):
    assert kind_of(column) == kind


@pytest.mark.parametrize("nothing", [None, pd.NA, float("nan"), pd.NaT])
def test_nothing_is_a_dash(nothing):
    assert Formats("USD", "USD").write("bookings_amount", nothing) == "–"


def test_a_short_amount_keeps_a_tenth():
    formats = Formats("EUR", "EUR")
    assert [re.sub(r"\s", " ", formats.short(amount)) for amount in (950, 1234567, -2.5e9)] == [
        "950 €",
        "1,2M €",
        "-2,5B €",
    ]


def test_a_label_has_the_words_of_the_column():
    assert label("pipeline_generated_amount") == "Pipeline generated amount"
    assert label("mql_count") == "MQL count"


@pytest.mark.parametrize(
    ("currency", "amount", "day"),
    [
        ("USD", '"$"#,##0', "m/d/yyyy"),
        ("EUR", '#,##0" €"', "dd/mm/yyyy"),
        ("SEK", '#,##0" kr"', "yyyy-mm-dd"),
        ("CHF", '"CHF"#,##0', "dd.mm.yyyy"),
    ],
)
def test_a_spreadsheet_writes_amounts_and_days_as_pages_do(currency, amount, day):
    formats = Formats(currency, currency)
    assert formats.in_cell("bookings_amount") == amount
    assert formats.in_cell("close_date") == day
    assert formats.in_cell("win_rate") == '#,##0.0" "%'
