"""What becomes of deleted and restored deals in the functions that take dates."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from dbt_company import Company

# Four deals of 100, expected to close on 20 June; in May they were all open and owned by A.
MARTS = """
create schema marts;
create table marts.dim_date as
    select day::date as calendar_date, day = date '2026-06-30' as is_as_of_date
    from range(timestamp '2026-01-01', timestamp '2027-01-01', interval 1 day) as days (day);
create table marts.fct_exchange_rate as
    select 'USD' as currency_code, 1.0::decimal(28, 10) as rate,
        1.0::decimal(28, 10) as reporting_rate, date '0001-01-01' as valid_from_date,
        null::date as valid_to_date;
create table marts.fct_opportunity_history as
    select
        opportunity_key, owner_key, 'account' as account_key, 'stage' as stage_key,
        'Talks' as stage_name, 'Pipeline' as forecast_category, 0.2::decimal(7, 4) as probability,
        'tracked' as history_source, 100.00::decimal(18, 2) as amount_original,
        'USD' as currency_code, date '2026-06-20' as close_date, valid_from, valid_to,
        false as is_closed, false as is_won
    from (values
        ('kept', 'A', timestamp '2026-05-01', null),
        ('deleted', 'A', timestamp '2026-05-01', timestamp '2026-06-10 08:00'),
        ('restored', 'A', timestamp '2026-05-01', timestamp '2026-05-20'),
        ('restored', 'A', timestamp '2026-06-05', null),
        ('never_back', 'A', timestamp '2026-05-01', timestamp '2026-05-20')
    ) as versions (opportunity_key, owner_key, valid_from, valid_to);
create table marts.fct_opportunity_deletion as
    select * replace ('B' as owner_key, valid_to as valid_from, null::timestamp as valid_to)
    from marts.fct_opportunity_history where valid_to is not null;
update marts.fct_opportunity_deletion set valid_to = timestamp '2026-06-05'
    where opportunity_key = 'restored';
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    company = Company(tmp_path_factory.mktemp("company"))
    functions = {
        "pipeline_as_of": "as_of_date", "pipeline_waterfall_between": "first_date, last_date",
    }  # fmt: skip
    company.dbt("compile", "--quiet", "--select", *functions)
    with duckdb.connect() as connection:
        connection.execute(MARTS)
        for name, parameters in functions.items():
            (file,) = (company.home / "target/compiled").rglob(f"{name}.sql")
            sql = file.read_text(encoding="utf-8")
            connection.execute(f"create macro marts.{name}({parameters}) as table {sql}")
        yield connection


def moved(reader, first: str, last: str) -> list[tuple]:
    return reader.execute(
        "select opportunity_key, owner_key, entry, exit, start_amount + moved_in_amount,"
        f" removed_amount, end_amount from marts.pipeline_waterfall_between('{first}', '{last}')"
        " order by opportunity_key"
    ).fetchall()


def test_a_deleted_deal_leaves_the_pipeline_with_its_last_owner(reader):
    assert moved(reader, "2026-06-06", "2026-06-20") == [
        ("deleted", "B", "start", "removed", 100, 100, 0)
    ]


def test_a_restored_deal_moves_in_and_is_not_created_anew(reader):
    assert moved(reader, "2026-06-01", "2026-06-30") == [
        ("deleted", "B", "start", "removed", 100, 100, 0),
        ("restored", "A", "moved_in", "end", 100, 0, 100),
    ]


def test_a_deal_is_in_the_pipeline_on_the_days_on_which_it_was_there(reader):
    def keys(day: dt.date) -> list[str]:
        return [
            key
            for (key,) in reader.execute(
                "select opportunity_key from marts.pipeline_as_of(?) order by all", [day]
            ).fetchall()
        ]

    assert keys(dt.date(2026, 4, 30)) == []
    assert keys(dt.date(2026, 5, 19)) == ["deleted", "kept", "never_back", "restored"]
    assert keys(dt.date(2026, 5, 20)) == ["deleted", "kept"]
    assert keys(dt.date(2026, 6, 9)) == ["deleted", "kept", "restored"]
    assert keys(dt.date(2026, 6, 10)) == ["kept", "restored"]
    assert keys(dt.date(2026, 7, 1)) == []
