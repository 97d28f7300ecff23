"""Canary: Great Expectations judges data in DuckDB as it says, and never takes an error for data.

When an upgrade of Great Expectations, SQLAlchemy or DuckDB breaks the adapter, this fails.
"""

import datetime as dt
import socket

import duckdb
import pytest

from orchestration.quality import check as expect
from orchestration.quality.check import Check, Expectation
from orchestration.quality.validate import run_checks

DAY = dt.date(2026, 1, 1)
KINDS = {
    "columns": (expect.has_columns(["id", "stage"]), "alter table raw_x.user drop column stage"),
    "not null": (expect.not_null("id"), "update raw_x.user set id = null where id = '2'"),
    "unique": (expect.unique_together(["id"]), "update raw_x.user set id = '1' where id = '2'"),
    "unique together": (
        expect.unique_together(["id", "stage"]),
        "insert into raw_x.user from raw_x.user where id = '2'",
    ),
    "unique where missing": (
        expect.unique_together(["amount"]),
        "update raw_x.user set amount = null where id <> '3'",
    ),
    "one of": (
        expect.one_of("stage", ["a", "b", "it's"]),
        "update raw_x.user set stage = 'c' where id = '2'",
    ),
    "between numbers": (
        expect.between("amount", 0, 99.5), "update raw_x.user set amount = 99.51 where id = '2'",
    ),
    "between days": (
        expect.between("day", DAY, DAY), "update raw_x.user set day = '1026-01-01' where id = '2'",
    ),
    "between moments": (
        expect.between("moment", dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC).replace(tzinfo=None)),
        "update raw_x.user set moment = moment - interval 1 microsecond where id = '2'",
    ),
    "too long": (
        expect.length_between("stage", None, 1),
        "update raw_x.user set stage = 'éé' where id = '2'",
    ),
    "too short": (
        expect.length_between("stage", 1, 1), "update raw_x.user set stage = '' where id = '2'",
    ),
    "condition": (
        expect.no_row_where("not regexp_full_match(stage, '[a-z]{1}')", ["id"], "one letter"),
        "update raw_x.user set stage = 'A' where id = '2'",
    ),
    "query": (
        expect.no_rows("select count(*) from {table} having count(*) <> 3", "three rows"),
        "delete from raw_x.user where id = '2'",
    ),
}  # fmt: skip
ALL = tuple(expectation for expectation, _ in KINDS.values())
RAISING = {
    "missing column": expect.between("nothing", 0),
    "broken query": expect.no_rows("select nothing from {table}", "a query"),
    "wrong type": expect.between("stage", 0, 1),
    "no such expectation": Expectation("ExpectMiracles", {}, "a miracle"),
}


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema raw_x;
            create table raw_x.user (  -- a name that SQL reserves
                id varchar, stage varchar, amount decimal(18, 2), day date, moment timestamp
            );
            insert into raw_x.user values
                ('1', 'a', 1, '2026-01-01', '2026-01-01 08:00'),
                ('2', 'b', 2, '2026-01-01', '2026-01-01 08:00'),
                ('3', null, null, null, null);
            """
        )
        yield connection


def check_of(*expectations, severity="critical"):
    return Check("raw_x", "user", "a_promise", "It holds.", severity, ("id",), expectations)


def result_of(connection, *expectations):
    (result,) = run_checks(connection, [check_of(*expectations)])
    return result


def test_all_kinds_of_expectations_pass_together_on_good_data(connection):
    result = result_of(connection, *ALL)
    assert (result.status, result.failed_count, result.details) == ("passed", 0, "")
    assert not result.blocks


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_expectation_fails_and_the_others_do_not(connection, kind):
    expectation, breakage = KINDS[kind]
    connection.execute(breakage)
    result = result_of(connection, expectation)
    assert result.status == "failed"
    assert result.failed_count == 1
    assert result.details.startswith(f"not so: {expectation.promise}")
    assert result.blocks


@pytest.mark.parametrize(
    "kind",
    [
        "one of",
        "between numbers",
        "between days",
        "between moments",
        "too long",
        "too short",
        "condition",
    ],
)
def test_failing_rows_are_named_by_their_keys_and_found_by_the_query(connection, kind):
    expectation, breakage = KINDS[kind]
    connection.execute(breakage)
    result = result_of(connection, expectation)
    assert result.sample_keys == ("id=2",)
    assert len(connection.execute(result.sql).fetchall()) == 1


def test_failing_rows_are_counted_and_few_are_named(connection):
    connection.execute(
        "insert into raw_x.user by name"
        " select 'x' || i as id, 'c' as stage from range(1000) as numbers (i)"
    )
    result = result_of(connection, KINDS["one of"][0])
    assert result.failed_count == 1000
    assert result.sample_keys == ("id=x0", "id=x1", "id=x10", "id=x100", "id=x101")


@pytest.mark.parametrize("kind", RAISING)
def test_an_expectation_that_raises_is_an_error_and_no_failure(connection, kind):
    result = result_of(connection, RAISING[kind])
    assert result.status == "error"
    assert result.failed_count is None
    assert result.details
    assert result.blocks


@pytest.mark.parametrize("kind", RAISING)
def test_a_raising_expectation_leaves_the_judgement_of_the_others_alone(connection, kind):
    connection.execute(KINDS["one of"][1])
    good, raising, broken = run_checks(
        connection,
        [
            check_of(KINDS["not null"][0]),
            check_of(RAISING[kind], KINDS["between numbers"][0]),
            check_of(KINDS["one of"][0]),
        ],
    )
    assert [good.status, raising.status, broken.status] == ["passed", "error", "failed"]


def test_a_missing_table_is_an_error(connection):
    missing = Check("raw_x", "nobody", "a_promise", "It holds.", "critical", ("id",), ALL)
    (result,) = run_checks(connection, [missing])
    assert (result.status, result.details) == ("error", "raw_x.nobody does not exist")


def test_an_empty_table_keeps_every_promise_about_its_rows(connection):
    connection.execute("delete from raw_x.user")
    without_counts = [e for kind, (e, _) in KINDS.items() if kind != "query"]
    assert result_of(connection, *without_counts).status == "passed"


def test_a_broken_warning_does_not_block(connection):
    connection.execute(KINDS["one of"][1])
    (result,) = run_checks(connection, [check_of(KINDS["one of"][0], severity="warning")])
    assert result.status == "failed"
    assert not result.blocks


def test_the_connection_is_left_open_and_free(connection):
    result_of(connection, *ALL)
    connection.execute("begin; delete from raw_x.user; commit")
    assert connection.execute("select count(*) from raw_x.user").fetchone() == (0,)


def test_nothing_is_sent_and_nothing_is_printed(connection, capfd, monkeypatch):
    def refuse(*arguments):
        raise AssertionError(f"a connection was opened: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    result_of(connection, RAISING["broken query"], *ALL)
    out, err = capfd.readouterr()
    assert out == ""
    assert "Calculating Metrics" not in err
