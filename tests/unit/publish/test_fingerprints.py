import duckdb
import pytest

from orchestration.publish.checksum import fingerprint

BASE = """
select i as n, cast(i / 3 as decimal(18, 2)) as amount, 'Stage ' || i % 3 as stage,
    timestamp '2026-01-01 00:00:00' + to_hours(i) as entered_at, nullif(i, 4) / 7.0::double as rate
from range(1000) as numbers (i)
"""


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table base as {BASE}")
        yield connection


def checksum(connection, query):
    return fingerprint(connection, query).checksum


def test_the_order_of_rows_does_not_matter(connection):
    plain = fingerprint(connection, "select * from base")
    assert plain.rows == 1000
    assert fingerprint(connection, "select * from base order by stage, n desc") == plain


@pytest.mark.parametrize(
    "change",
    [
        "update base set amount = amount + 0.01 where n = 500",
        "update base set stage = null where n = 0",
        "update base set rate = 0 where n = 4",
        "delete from base where n = 999",
        "insert into base select * from base where n = 1",
        "alter table base rename column amount to total",
        "alter table base alter column amount type decimal(20, 2)",
        "update base set stage = (select max(stage) from base where n = 1) where n = 0",
    ],
)
def test_every_change_shows(connection, change):
    before = checksum(connection, "select * from base")
    connection.execute(change)
    assert checksum(connection, "select * from base") != before


def test_values_do_not_flow_from_one_column_to_the_next(connection):
    one = checksum(connection, "select 'ab' as x, 'c' as y")
    assert one != checksum(connection, "select 'a' as x, 'bc' as y")


def test_an_empty_text_is_not_a_missing_one(connection):
    empty = checksum(connection, "select '' as x")
    assert empty != checksum(connection, "select cast(null as varchar) as x")


def test_the_last_digits_of_floating_point_sums_do_not_matter(connection):
    exact = checksum(connection, "select 0.3::double as x, 0.0::double as zero")
    summed = "select 0.1::double + 0.2::double as x, -0.0::double as zero"
    assert checksum(connection, summed) == exact
    assert checksum(connection, "select 0.3000001::double as x, 0.0::double as zero") != exact


def test_the_checksum_is_the_same_on_every_machine(connection):
    query = "select 1 as n, 'Hà Nội' as city, date '2026-06-30' as day, 1.50::decimal(9, 2) as m"
    known = "807ae4f5c0d8"
    assert checksum(connection, query)[:12] == known


def test_a_table_without_rows_has_a_checksum_of_its_columns(connection):
    nothing = fingerprint(connection, "select * from base where false")
    assert nothing.rows == 0
    assert nothing.checksum != checksum(connection, "select n from base where false")
