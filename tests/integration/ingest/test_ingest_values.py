"""What becomes of single values: typed, changed as stated, or refused with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.ingest.conftest import (
    DAY,
    STAMP,
    Office,
    account,
    opportunity,
    salesforce_id,
)

OPPORTUNITIES = f"salesforce/Opportunity/{DAY}/o.csv"
ACCOUNTS = f"salesforce/Account/{DAY}/a.csv"


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("Amount", "-500.00", Decimal("-500.00")),
        ("Amount", "  1500.5 ", Decimal("1500.50")),
        ("Amount", "1500.5000", Decimal("1500.50")),
        ("Amount", "1.0E7", Decimal("10000000.00")),
        ("Amount", "+7", Decimal("7.00")),
        ("Amount", "", None),
        ("Probability", "0", Decimal("0.00")),
        ("IsDeleted", "0", False),
        ("IsDeleted", "Yes", True),
        ("IsDeleted", "TRUE", True),
        ("CloseDate", "2024-02-29", dt.date(2024, 2, 29)),
        ("CloseDate", "2026-02-11T00:00:00.000Z", dt.date(2026, 2, 11)),
        (
            "LastModifiedDate",
            "2026-03-09T02:30:00-05:00",
            dt.datetime.fromisoformat("2026-03-09T07:30"),
        ),
        (
            "LastModifiedDate",
            "2026-03-09T07:30:00.000+0000",
            dt.datetime.fromisoformat("2026-03-09T07:30"),
        ),
        (
            "LastModifiedDate",
            "2026-03-09 13:15:00+05:45",
            dt.datetime.fromisoformat("2026-03-09T07:30"),
        ),
        (
            "LastModifiedDate",
            "2026-03-09 07:30:00 UTC",
            dt.datetime.fromisoformat("2026-03-09T07:30"),
        ),
        ("LastModifiedDate", "", None),
        ("Name", "NA", "NA"),
        ("Name", "null", "null"),
        ("Name", "=1+1", "=1+1"),
        ("Name", "x'); drop table ops.load_ledger; --", "x'); drop table ops.load_ledger; --"),
        ("Name", "Re\u0301mi", "R\u00e9mi"),
        ("Name", "🚀 شركة", "🚀 شركة"),
        ("Name", "Two\r\nlines", "Two\nlines"),
        ("StageName", "\u00a0 Negotiation\u200b ", "Negotiation"),
        ("StageName", "A stage that no list holds", "A stage that no list holds"),
        ("Id", salesforce_id("006", 7)[:15], salesforce_id("006", 7)),
        (
            "Id",
            f" {salesforce_id('006', 7)[:9]}\u200b{salesforce_id('006', 7)[9:]}\ufeff",
            salesforce_id("006", 7),
        ),
    ],
)
def test_a_good_value_is_kept(office: Office, column: str, written: str, kept: Any) -> None:
    entry = office.load(OPPORTUNITIES, [opportunity(7, **{column: written}), opportunity(8)])
    raw_column = office.query(
        "select column_name from duckdb_columns() where table_name = 'opportunity'"
        f" and replace(column_name, '_', '') = '{column.lower()}'"
    )[0][0]
    found = office.value(
        f"select {raw_column} from raw_salesforce.opportunity order by _line_number limit 1"
    )
    assert found == kept
    assert (entry.rows.new, entry.rows.quarantined) == (2, 0)


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("Amount", "1,234.56", "Amount '1,234.56' is not a number"),
        ("Amount", "1.234,56", "is not a number"),
        ("Amount", "$100.00", "is not a number"),
        ("Amount", "NaN", "is not a number"),
        ("Amount", "Infinity", "is not a number"),
        ("Amount", "0x10", "is not a number"),
        ("Amount", "1_000", "is not a number"),
        ("Amount", "１２３", "is not a number"),
        ("Amount", "\u2212500", "is not a number"),
        ("Amount", "(100.00)", "is not a number"),
        ("Amount", "1\u00a0500", "is not a number"),
        ("Amount", "#REF!", "is not a number"),
        ("Amount", "1000.123", "at most 2 decimals; it is never rounded"),
        ("Amount", "1.23456E2", "at most 2 decimals; it is never rounded"),
        ("Amount", "9" * 17, "is a number outside the range of digits"),
        ("Amount", "1e99", "is a number outside the range of digits"),
        ("Probability", "50%", "Probability '50%' is not a number"),
        ("Probability", "150", "is out of range: above the maximum 100"),
        ("Probability", "-1", "is out of range: below the minimum 0"),
        ("IsDeleted", "maybe", "is neither true nor false (boolean)"),
        (
            "CloseDate",
            "2026-02-30",
            "is not a date: expected a day of the calendar, written YYYY-MM-DD",
        ),
        ("CloseDate", "03/04/2026", "is not a date: expected a day of the calendar"),
        ("CloseDate", "26-03-04", "is not a date: expected a day of the calendar"),
        ("CloseDate", "45721", "is not a date: expected a day of the calendar"),
        ("CloseDate", "2026-03-04T10:00:00Z", "written YYYY-MM-DD without a time"),
        ("CloseDate", "9999-12-31", "is out of range: above the maximum 2199-12-31"),
        ("CloseDate", "0001-01-01", "is out of range: below the minimum 1900-01-01"),
        ("CloseDate", "", "CloseDate is required, but empty"),
        ("LastModifiedDate", "2026-03-09 02:30:00", "has no time zone: declare it in _profile"),
        ("LastModifiedDate", "2026-03-05T25:00:00Z", "is not a date and time with an offset"),
        ("LastModifiedDate", "2026-03-05T10:00:00+99:00", "is not a date and time with an offset"),
        ("StageName", "   ", "StageName is required, but empty"),
        ("Name", "N" * 256, "has more than 255 characters"),
        ("Name", "bell\x07", "Name holds control characters"),
        ("Name", "nul\x00", "Name holds control characters"),
        ("Id", "", "Id is required, but empty"),
        ("Id", salesforce_id("006", 7)[:14], "its length must be 15 or 18 letters and digits"),
        ("Id", "1.2E+15", "is not a Salesforce id"),
        ("Id", salesforce_id("006", 7).lower(), "its check characters (checksum) do not fit"),
    ],
)
def test_a_bad_value_puts_its_row_into_quarantine(
    office: Office, column: str, written: str, reason: str
) -> None:
    rows = [opportunity(n) for n in range(1, 6)]
    rows[2][column] = written
    entry = office.load(OPPORTUNITIES, rows)
    ((line, raw_text, reasons),) = office.quarantine()
    assert line == 4
    assert reason in reasons
    assert written.strip() in raw_text
    assert (entry.rows.read, entry.rows.new, entry.rows.quarantined) == (5, 4, 1)
    assert office.value("select count(*) from raw_salesforce.opportunity") == 4


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("NumberOfEmployees", "12.7", "it must be a whole number"),
        ("NumberOfEmployees", "-1", "below the minimum 0"),
        ("CurrencyIsoCode", "US$", "is not written as expected (pattern ^[A-Z]{3}$)"),
    ],
)
def test_a_bad_value_of_an_account_is_refused(
    office: Office, column: str, written: str, reason: str
) -> None:
    office.load(
        ACCOUNTS,
        [
            account(1, **{column: "12" if column != "CurrencyIsoCode" else "USD"}),
            account(2, **{column: written}),
        ],
    )
    ((line, _, reasons),) = office.quarantine()
    assert (line, reason in reasons) == (3, True)


def test_a_whole_number_may_be_written_with_empty_decimals(office: Office) -> None:
    office.load(ACCOUNTS, [account(1, NumberOfEmployees="12.0")])
    assert office.value("select number_of_employees from raw_salesforce.account") == 12


def test_a_category_that_the_vendor_does_not_have_is_refused(office: Office) -> None:
    office.load(OPPORTUNITIES, [opportunity(1, ForecastCategory="Likely")])
    assert "is not one of BestCase, Closed, Forecast" in office.quarantine()[0][2]


def test_every_reason_of_a_row_is_told(office: Office) -> None:
    office.load(
        OPPORTUNITIES,
        [
            opportunity(1),
            opportunity(2, Amount="abc", CloseDate="2026-02-30", Probability="-5"),
        ],
    )
    ((_, _, reasons),) = office.quarantine()
    assert "Amount 'abc' is not a number" in reasons
    assert "CloseDate '2026-02-30' is not a date" in reasons
    assert "Probability '-5' is out of range" in reasons


def test_ids_that_differ_only_by_case_are_two_records(office: Office) -> None:
    office.load(
        OPPORTUNITIES,
        [
            opportunity(1, Id="006Qx000000abcd"),
            opportunity(2, Id="006Qx000000ABCD"),
        ],
    )
    assert office.query("select id from raw_salesforce.opportunity order by id") == [
        ("006Qx000000ABCDIA4",),
        ("006Qx000000abcdIAA",),
    ]


def test_a_foreign_id_of_15_characters_becomes_18_as_well(office: Office) -> None:
    owner = salesforce_id("005", 3)
    office.load(OPPORTUNITIES, [opportunity(1, OwnerId=owner[:15])])
    assert office.value("select owner_id from raw_salesforce.opportunity") == owner


def test_rows_with_changed_values_are_counted(office: Office) -> None:
    entry = office.load(
        OPPORTUNITIES,
        [
            opportunity(1),
            opportunity(2, Name=" padded "),
            opportunity(3, Id=opportunity(3)["Id"][:15]),
        ],
    )
    assert entry.rows.normalised == 2


def test_declared_marks_and_orders_are_obeyed(office: Office) -> None:
    office.deliver(
        f"salesforce/Opportunity/{DAY}/_profile.yaml",
        "delimiter: ';'\ndecimal_mark: ','\nthousands_mark: '.'\ndate_order: dmy\n",
    )
    rows = [
        opportunity(1, Amount="1.234.567,50", CloseDate="3/12/2026"),
        opportunity(2, Amount="12,5", CloseDate="2026-12-04"),
        opportunity(3, Amount="12.34,5"),
        opportunity(4, CloseDate="12/25/2026"),
    ]
    text = ";".join(rows[0]) + "\n" + "".join(";".join(row.values()) + "\n" for row in rows)
    office.load(OPPORTUNITIES, text.replace(".00;", ",00;"))
    assert office.query(
        "select amount, close_date from raw_salesforce.opportunity order by id"
    ) == [
        (Decimal("1234567.50"), dt.date(2026, 12, 3)),
        (Decimal("12.50"), dt.date(2026, 12, 4)),
    ]
    assert [line for line, _, _ in office.quarantine()] == [4, 5]


def test_a_declared_time_zone_makes_utc_and_refuses_times_that_are_none(office: Office) -> None:
    office.deliver(f"salesforce/Opportunity/{DAY}/_profile.yaml", "timezone: America/New_York\n")
    office.load(
        OPPORTUNITIES,
        [
            opportunity(1, LastModifiedDate="2026-01-15 09:30:00"),
            opportunity(2, LastModifiedDate="2026-07-15T09:30"),
            opportunity(3, LastModifiedDate="2026-03-08 02:30:00"),  # skipped by summer time
            opportunity(4, LastModifiedDate="2026-11-01 01:30:00"),  # comes twice
            opportunity(5, LastModifiedDate=STAMP),
        ],
    )
    assert office.query(
        "select last_modified_date from raw_salesforce.opportunity order by id"
    ) == [
        (dt.datetime.fromisoformat("2026-01-15T14:30"),),
        (dt.datetime.fromisoformat("2026-07-15T13:30"),),
        (dt.datetime.fromisoformat("2026-03-01T08:00"),),
    ]
    assert [line for line, _, _ in office.quarantine()] == [4, 5]
    assert all("because clocks are changed" in reasons for _, _, reasons in office.quarantine())
