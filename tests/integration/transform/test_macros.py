"""SQL macros against the same rules worked out in Python."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from dbt_company import Company

RATE = Decimal("0.0000000001")  # rates have ten decimals

EXPRESSIONS = {
    "amount": "{{ convert_amount('amount', 'rate', 'reporting_rate') }}",
    "id": "{{ salesforce_id_18('id') }}",
    "quarter": "{{ fiscal_quarter_start('day') }}",
    "year": "{{ fiscal_year_start('day') }}",
    "week": "{{ week_start('day') }}",
    "day_start": "{{ business_date_start('day') }}",
    "row_hash": "{{ row_hash('pair') }}",
}
ZONES = [  # in the first three clocks are changed at midnight
    *("Atlantic/Azores", "America/Havana", "Asia/Beirut"),
    *("America/New_York", "Asia/Ho_Chi_Minh", "UTC"),
]


def compiled(home: Path, **variables: object) -> dict[str, str]:
    """The SQL that dbt makes of each expression."""
    text = " ; ".join(EXPRESSIONS.values())
    sql = Company(home).dbt("compile", "--quiet", "--inline", text, **variables)
    return dict(zip(EXPRESSIONS, sql.split(";"), strict=True))


@pytest.fixture(scope="module", params=[2, 12], ids="fiscal year from month {}".format)
def first_month(request):
    return request.param


@pytest.fixture(scope="module")
def sql(tmp_path_factory, first_month):
    return compiled(
        tmp_path_factory.mktemp("macros"),
        fiscal_year_start_month=first_month,
        week_start="sunday",
        business_timezone=ZONES[0],
    )


def random_cases(count: int) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Amounts with two rates, as large and as small as they come."""
    some = random.Random(7)  # noqa: S311 - no secret is made of it
    for _ in range(count):
        amount = Decimal(some.randrange(-(10 ** some.randrange(1, 15)), 10**14)) / 100
        rate = Decimal(some.randrange(10**7, 10**15)) / 10**10
        yield amount, rate, some.choice([Decimal(1), rate / 2, Decimal(26000)]).quantize(RATE)


def test_amounts_are_converted_exactly_and_rounded_half_up_to_the_cent(sql):
    cases = [
        # 0.08 / 0.64 is 0.125, and 1.005 is less than that as a binary fraction
        (Decimal("0.08"), Decimal("0.64"), Decimal(1)),
        (Decimal("-0.08"), Decimal("0.64"), Decimal(1)),
        (Decimal("1.005000"), Decimal(1), Decimal(1)),
        (Decimal("99000000000.00"), Decimal("0.88"), Decimal(26000)),
        (Decimal(0), Decimal("0.88"), Decimal(1)),
        *random_cases(2000),
    ]
    with localcontext(prec=60):
        exact = {case: case[0] * case[2] / case[1] for case in cases}
        expected = {
            case: value.quantize(Decimal("0.01"), ROUND_HALF_UP)
            for case, value in exact.items()
            if abs(value) < 10**15
        }
    assert len(expected) > 1000
    connection = duckdb.connect()
    connection.execute(
        "create table cases (number integer, amount decimal(24, 6),"
        " rate decimal(24, 10), reporting_rate decimal(24, 10))"
    )
    connection.executemany(
        "insert into cases values (?, ?, ?, ?)", [(n, *case) for n, case in enumerate(expected)]
    )
    found = connection.execute(f"select {sql['amount']} from cases order by number").fetchall()
    assert [value for (value,) in found] == list(expected.values())


def test_an_amount_or_a_rate_that_is_missing_gives_no_amount(sql):
    rows = (
        duckdb.connect()
        .execute(
            f"select {sql['amount']} from (values (null, 1, 1), (1, null, 1), (1, 1, null))"
            " as cases (amount, rate, reporting_rate)"
        )
        .fetchall()
    )
    assert rows == [(None,), (None,), (None,)]


def test_short_ids_get_the_check_characters_that_tell_letter_case(sql):
    ids = ["0065g00000AbCdE", "0065g00000abcde", "0055g00000A0009", "0065g00000AbCdEAAV", "NA"]
    values = ", ".join(f"('{text}')" for text in ids)
    rows = (
        duckdb.connect()
        .execute(f"select {sql['id']} from (values {values}) as ids (id)")
        .fetchall()
    )
    assert [text for (text,) in rows] == [
        "0065g00000AbCdEAAV",
        "0065g00000abcdeAAA",
        "0055g00000A0009AAB",
        "0065g00000AbCdEAAV",
        "NA",
    ]


def test_fiscal_periods_start_where_counting_months_says(sql, first_month):
    rows = (
        duckdb.connect()
        .execute(
            f"select day::date, {sql['quarter']}, {sql['year']}, {sql['week']} from"
            " generate_series(date '2023-12-25', date '2025-03-05', interval 1 day) as days (day)"
        )
        .fetchall()
    )
    assert len(rows) == 437
    for day, quarter_start, year_start, week_start in rows:
        months = (day.month - first_month) % 12
        start = dt.date(day.year - (day.month < first_month), first_month, 1)
        assert year_start == start
        assert quarter_start == later(start, months // 3 * 3)
        assert week_start == day - dt.timedelta(days=(day.weekday() + 1) % 7)
        assert calendar.day_name[week_start.weekday()] == "Sunday"


def test_a_day_begins_at_its_first_midnight_also_when_clocks_are_changed_then(sql):
    for zone in ZONES:
        rows = (
            duckdb.connect()
            .execute(
                f"select day::date as day, {sql['day_start'].replace(ZONES[0], zone)} from"
                " generate_series(date '2026-01-01', date '2026-12-31', interval 1 day)"
                " as days (day)"
            )
            .fetchall()
        )
        assert len(rows) == 365
        midnights = [dt.datetime.combine(day, dt.time(), ZoneInfo(zone)) for day, _ in rows]
        expected = [at.astimezone(dt.UTC).replace(tzinfo=None) for at in midnights]
        assert [start for _, start in rows] == expected


def later(date: dt.date, months: int) -> dt.date:
    years, month = divmod(date.month - 1 + months, 12)
    return dt.date(date.year + years, month + 1, 1)


def test_sums_of_row_hashes_tell_what_rows_say_but_not_their_order(sql):
    def hashed(*rows: str) -> int:
        values = ", ".join(rows)
        query = f"select sum({sql['row_hash']}) from (values {values}) as pair (first, second)"
        return duckdb.connect().execute(query).fetchone()[0]

    assert hashed("('a', 1)", "('b', 2)") == hashed("('b', 2)", "('a', 1)")
    others = ["('a', 2)", "('b', 1)"], ["('a', 1)", "('b', null)"], ["('a', 1)"]
    for rows in others:
        assert hashed(*rows) != hashed("('a', 1)", "('b', 2)")
