"""Results are kept run by run, with the business date since when a check fails."""

import datetime as dt

import duckdb
import pytest

from orchestration.quality.check import Check, no_row_where, not_null
from orchestration.quality.results import check_and_record
from orchestration.settings import Settings

CHECKS = (
    Check(
        "marts", "fct_deal", "keys_are_there", "Each deal has a key.", "critical", ("deal_key",),
        (not_null("deal_key"),),
    ),
    Check(
        "marts", "fct_deal", "amounts_are_positive", "No deal is negative.", "warning",
        ("deal_key",), (no_row_where("amount < 0", ["deal_key"], "amounts are positive"),),
    ),
    Check(
        "marts", "fct_deal", "stages_are_there", "Each deal has a stage.", "critical",
        ("deal_key",), (not_null("stage"),),
    ),
)  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path)
    settings.warehouse_file.parent.mkdir()
    execute(
        settings,
        """
        create schema marts; create schema intermediate;
        create table marts.fct_deal as
            select 'a' as deal_key, cast(5 as decimal(18, 2)) as amount, 'Open' as stage;
        create table intermediate.int_as_of_date as select date '2026-06-01' as as_of_date
        """,
    )
    return settings


def execute(settings, statement):
    with duckdb.connect(str(settings.warehouse_file)) as warehouse:
        return warehouse.execute(statement).fetchall()


def run(settings, run_id, day, amount):
    execute(settings, f"update marts.fct_deal set amount = {amount}")
    execute(settings, f"update intermediate.int_as_of_date set as_of_date = '{day}'")
    return check_and_record(settings, CHECKS, run_id)


def test_every_check_of_a_run_has_a_row(settings):
    execute(settings, "alter table marts.fct_deal drop column stage")
    results = run(settings, "run 1", "2026-06-01", amount=-5)
    assert [result.status for result in results] == ["passed", "failed", "error"]
    rows = execute(
        settings,
        "select run_id, as_of_date, table_name, check_name, description, severity, status,"
        " failed_count, sample_keys, failing_query, failing_since from ops.check_result",
    )
    day = dt.date(2026, 6, 1)
    assert rows[0] == (
        "run 1", day, "marts.fct_deal", "keys_are_there", "Each deal has a key.", "critical",
        "passed", 0, [], None, None,
    )  # fmt: skip
    assert rows[1] == (
        "run 1", day, "marts.fct_deal", "amounts_are_positive", "No deal is negative.", "warning",
        "failed", 1, ["deal_key=a"], 'select "deal_key" from marts.fct_deal where amount < 0', day,
    )  # fmt: skip
    assert rows[2][6:8] == ("error", None)
    assert execute(settings, "select details from ops.check_result where status = 'error'") == [
        ('stage is there: Error: The column "stage" in BatchData does not exist.',)
    ]


def test_a_check_remembers_since_when_it_fails(settings):
    for number, (day, amount) in enumerate(
        [("2026-06-01", -1), ("2026-06-02", -1), ("2026-06-03", 1), ("2026-06-04", -1)]
    ):
        run(settings, f"run {number}", day, amount)
    since = execute(
        settings,
        "select failing_since from ops.check_result where check_name = 'amounts_are_positive'"
        " order by checked_at",
    )
    first, last = dt.date(2026, 6, 1), dt.date(2026, 6, 4)
    assert since == [(first,), (first,), (None,), (last,)]


def test_repeating_a_run_does_not_move_since_when_it_fails(settings):
    run(settings, "run 1", "2026-06-01", amount=-1)
    run(settings, "run 2", "2026-06-05", amount=-1)
    run(settings, "run 2", "2026-06-05", amount=-1)
    since = execute(settings, "select distinct failing_since from ops.check_result"
                    " where check_name = 'amounts_are_positive'")  # fmt: skip
    assert since == [(dt.date(2026, 6, 1),)]


def test_the_warehouse_is_closed_afterwards(settings):
    run(settings, "run 1", "2026-06-01", amount=1)
    assert not settings.warehouse_file.with_suffix(".duckdb.wal").exists()
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as reader:
        assert reader.execute("select count(*) from ops.check_result").fetchone() == (3,)


def test_a_result_says_how_much_money_its_rows_are_about(settings):
    execute(settings, "insert into marts.fct_deal values ('b', -7, 'Open'), (null, 90, 'Open')")
    keys, amounts, stages = run(settings, "run 1", "2026-06-01", amount="amount")
    assert keys.affected_amount == 90
    assert amounts.affected_amount == 7
    assert stages.affected_amount is None
    recorded = execute(settings, "select affected_amount from ops.check_result order by all")
    assert recorded == [(7,), (90,), (None,)]


def test_results_of_a_warehouse_from_before_amounts_were_kept_are_added_to(settings):
    run(settings, "run 1", "2026-06-01", amount=1)
    execute(settings, "alter table ops.check_result drop column affected_amount")
    run(settings, "run 2", "2026-06-02", amount=-1)
    recorded = execute(settings, "select distinct run_id, affected_amount from ops.check_result")
    assert ("run 2", 1) in recorded
