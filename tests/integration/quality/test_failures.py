"""People are told of blocking checks and late extracts: since when, how much money, what to do."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from orchestration.quality.check import Check, no_row_where
from orchestration.quality.failures import tell_of_failures, tell_of_late_extracts
from orchestration.quality.results import check_and_record
from orchestration.settings import Settings

CHECK = Check(
    "marts", "fct_deal", "amounts_are_positive", "No deal is negative.", "critical",
    ("deal_key",), (no_row_where("amount < 0", ["deal_key"], "amounts are positive"),),
)  # fmt: skip


@pytest.fixture
def settings(tmp_path, webhook) -> Settings:
    settings = Settings(home=tmp_path, alert_webhook=webhook.url)
    settings.warehouse_file.parent.mkdir()
    execute(
        settings,
        """
        create schema marts; create schema intermediate; create schema ops;
        create table intermediate.int_as_of_date as select date '2026-06-01' as as_of_date;
        create table marts.fct_deal as
            select 'a' as deal_key, cast(-1200 as decimal(18, 2)) as amount;
        create table ops.load_ledger
            (source varchar, object varchar, extract_date date, status varchar)
        """,
    )
    return settings


def execute(settings, statement):
    with duckdb.connect(str(settings.warehouse_file)) as warehouse:
        warehouse.execute(statement)


def check(settings, run_id):
    said = []
    tell_of_failures(settings, check_and_record(settings, [CHECK], run_id), said.append)
    assert said == []


def test_a_blocking_check_is_told_once_and_again_after_it_had_passed(settings, webhook):
    check(settings, "run 1")
    execute(settings, "update intermediate.int_as_of_date set as_of_date = '2026-06-02'")
    check(settings, "run 2")
    (message,) = webhook.messages
    what, since, money, advice = message["text"].split("\n")
    assert what.startswith("salesops: the check 'amounts_are_positive' of marts.fct_deal failed")
    assert "amounts are positive (1 row)" in what
    assert since == "Since: 2026-06-01"
    assert money == "Money: USD 1,200.00"
    assert advice.startswith("What to do: see the rows (deal_key=a; ")
    execute(settings, "update marts.fct_deal set amount = 1")
    check(settings, "run 3")
    execute(settings, "update marts.fct_deal set amount = -1; "
            "update intermediate.int_as_of_date set as_of_date = '2026-06-04'")  # fmt: skip
    check(settings, "run 4")
    assert len(webhook.messages) == 2
    assert "Since: 2026-06-04" in webhook.messages[1]["text"]


def deliver(settings, *days_ago):
    today = dt.datetime.now(dt.UTC).date()
    for days in days_ago:
        execute(
            settings,
            "insert into ops.load_ledger values"
            f" ('salesforce', 'Account', date '{today - dt.timedelta(days=days)}', 'loaded')",
        )


def test_extracts_that_stopped_coming_are_told_once_until_they_come_again(settings, webhook):
    deliver(settings, 15, 14, 13, 12, 11)
    said = []
    for _ in range(2):
        tell_of_late_extracts(settings, said.append)
    (message,) = webhook.messages
    newest = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=11)
    assert f"extracts of every object are late: the newest is of {newest}" in message["text"]
    assert f"Since: {newest + dt.timedelta(days=1)}" in message["text"]
    assert "Money: not known, because no pipeline is published" in message["text"]
    deliver(settings, 1, 0)
    tell_of_late_extracts(settings, said.append)
    assert len(webhook.messages) == 1
    assert said == []
