"""People are told when a forecast is withheld: since when, how much money, what to do; once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from email import message_from_string, policy
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from small_company import company, seasonal_world
from small_marts import build_marts

from orchestration.forecast.assets import forecast
from orchestration.forecast.run import ForecastResult, forecast_bookings
from orchestration.forecast.withheld import tell_if_withheld
from orchestration.resources import RESERVATION, warehouse_reservation
from orchestration.settings import Settings

FIRST_DAY = dt.date(2026, 6, 18)


@pytest.fixture
def settings(tmp_path, monkeypatch, webhook, mail) -> Settings:
    """An installation with two complete months of deals, whose readers see an open pipeline."""
    places = {
        "SALESOPS_HOME": str(tmp_path),
        "SALESOPS_ALERT_WEBHOOK": webhook.url,
        "SALESOPS_ALERT_SMTP": f"smtp://{mail.url}",
        "SALESOPS_ALERT_EMAIL": "ops@example.com",
    }
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    settings.published_folder.mkdir()
    with duckdb.connect(str(settings.published_file)) as published:
        published.execute(
            "create schema marts; create table marts.mart_pipeline_daily as"
            " select date '2026-06-17' as snapshot_date, 125000 as open_amount"
        )
    keep(build_marts(seasonal_world(3), FIRST_DAY), settings.warehouse_file)
    return settings


def keep(warehouse: duckdb.DuckDBPyConnection, file: Path) -> None:
    file.parent.mkdir()
    warehouse.execute(f"attach '{file}' as kept; copy from database memory to kept; detach kept")


def run_step() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            [forecast], resources={RESERVATION: warehouse_reservation}, instance=instance
        )
    assert done.success


def test_a_withheld_forecast_is_told_by_webhook_and_mail_and_not_again_every_morning(
    settings, webhook, mail
):
    run_step()
    (message,) = webhook.messages
    what, since, money, advice = message["text"].split("\n")
    assert what.startswith("salesops: the forecast is withheld: ")
    assert "there are 2" in what
    assert since == "Since: 2026-06-18"
    assert money == "Money: USD 125,000 of open pipeline, which readers see as of 2026-06-17"
    assert advice.startswith("What to do: see marts.fct_forecast_run; earlier extracts")
    (letter,) = (message_from_string(text, policy=policy.default) for text in mail.messages)
    assert letter.get_content().strip() == message["text"]
    assert letter["Subject"].startswith("salesops: the forecast is withheld: ")
    with duckdb.connect(str(settings.warehouse_file)) as warehouse:
        warehouse.execute("update intermediate.int_as_of_date set as_of_date = '2026-06-19'")
    run_step()
    assert (len(webhook.messages), len(mail.messages)) == (1, 1)


@pytest.fixture
def withheld(settings) -> tuple[duckdb.DuckDBPyConnection, ForecastResult]:
    """A warehouse in which the forecast of a day was withheld, and what the run said."""
    warehouse = build_marts(seasonal_world(3), FIRST_DAY)
    return warehouse, forecast_bookings(warehouse, company())


def test_a_forecast_that_is_withheld_once_more_is_told_since_when(settings, withheld, webhook):
    warehouse, result = withheld
    numbered = dataclasses.replace(result, published_method="stack")
    for day, run in enumerate([result, result, numbered, result]):
        today = dataclasses.replace(run, as_of_date=FIRST_DAY + dt.timedelta(days=day))
        warehouse.execute(
            "update marts.fct_forecast_run set as_of_date = ?, published_method = ?",
            [today.as_of_date, today.published_method],
        )
        tell_if_withheld(settings, warehouse, today, pytest.fail)
    assert [m["text"].split("\n")[1] for m in webhook.messages] == [
        "Since: 2026-06-18", "Since: 2026-06-21",
    ]  # fmt: skip


def test_a_backfill_of_weeks_long_past_alarms_nobody(settings, withheld, webhook):
    warehouse, result = withheld
    past = dataclasses.replace(result, as_of_date=FIRST_DAY - dt.timedelta(days=7))
    tell_if_withheld(settings, warehouse, past, pytest.fail)
    assert webhook.messages == []


def test_an_alert_that_nobody_took_tells_the_day_from_which_on_nothing_was_forecast(
    settings, withheld, webhook
):
    warehouse, result = withheld
    warehouse.execute(
        "insert into marts.fct_forecast_run from marts.fct_forecast_run"
        " select * replace ('later' as forecast_run_id, date '2026-06-25' as as_of_date)"
    )
    later = dataclasses.replace(result, as_of_date=dt.date(2026, 6, 25))
    tell_if_withheld(settings, warehouse, later, pytest.fail)
    assert "Since: 2026-06-18" in webhook.messages[0]["text"]
