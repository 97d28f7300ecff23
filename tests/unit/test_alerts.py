"""Alerts reach real servers of this machine: what, since when, how much money, what to do."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from orchestration.alerts import Alert, clear, stake, tell
from orchestration.settings import Settings

ALERT = Alert(
    "check:marts.fct_quota:keys_are_unique:",
    what="the check 'keys_are_unique' of marts.fct_quota failed",
    money="EUR 1,200.00",
    advice="mend the rows",
    since=dt.date(2026, 6, 1),
)
TEXT = (
    "salesops: the check 'keys_are_unique' of marts.fct_quota failed\n"
    "Since: 2026-06-01\nMoney: EUR 1,200.00\nWhat to do: mend the rows"
)


@pytest.fixture
def said() -> list[str]:
    return []


def test_an_alert_reaches_the_webhook_as_slack_reads_it(tmp_path, webhook, said):
    settings = Settings(home=tmp_path, alert_webhook=f"{webhook.url}/good")
    assert tell(settings, ALERT, said.append)
    assert webhook.messages == [{"text": TEXT}]
    assert said == []


def test_an_alert_reaches_mailboxes(tmp_path, mail, said):
    settings = Settings(
        home=tmp_path,
        alert_smtp=f"smtp://{mail.url}",
        alert_email="ops@example.com, lead@example.com",
        alert_sender="salesops@example.com",
    )
    assert tell(settings, ALERT, said.append)
    assert said == []
    (message,) = mail.messages
    headers, _, body = message.partition("\n\n")
    assert "Subject: salesops: the check 'keys_are_unique' of marts.fct_quota failed" in headers
    assert "To: ops@example.com, lead@example.com" in headers
    assert body.strip() == TEXT
    recipients = [c for c in mail.commands if c.lower().startswith("rcpt to")]
    assert len(recipients) == 2


def test_no_password_goes_to_a_mail_server_without_tls(tmp_path, mail, said):
    settings = Settings(
        home=tmp_path, alert_smtp=f"smtp://bao:hunter2@{mail.url}", alert_email="ops@example.com"
    )
    assert not tell(settings, ALERT, said.append)
    assert said == ["the mail server offers no TLS: no password is sent to it"]
    assert mail.messages == []
    assert not any(command.upper().startswith("AUTH") for command in mail.commands)


def test_the_same_alert_is_told_once_until_it_is_cleared(tmp_path, webhook, said):
    settings = Settings(home=tmp_path, alert_webhook=webhook.url)
    assert [tell(settings, ALERT, said.append) for _ in range(3)] == [True, False, False]
    clear(settings, "check:marts.fct_quota:keys_are_there:", "step:")
    assert not tell(settings, ALERT, said.append)
    clear(settings, "check:marts.fct_quota:keys_are_unique:")
    assert tell(settings, ALERT, said.append)
    assert len(webhook.messages) == 2


def test_an_alert_that_nobody_took_is_tried_again(tmp_path, webhook, said):
    assert not tell(
        Settings(home=tmp_path, alert_webhook=f"{webhook.url}/refused"), ALERT, said.append
    )
    assert tell(Settings(home=tmp_path, alert_webhook=webhook.url), ALERT, said.append)


def test_without_a_channel_nobody_is_told(tmp_path, said):
    assert not tell(Settings(home=tmp_path), ALERT, said.append)
    assert said == []


@pytest.mark.parametrize("channel", ["webhook", "mail"])
def test_a_channel_that_fails_says_so_without_giving_its_secrets_away(
    tmp_path, webhook, said, channel
):
    settings = {
        "webhook": Settings(home=tmp_path, alert_webhook=f"{webhook.url}/refused/secret-token"),
        "mail": Settings(
            home=tmp_path, alert_smtp="smtp://bao:secret-token@127.0.0.1:1", alert_email="a@b.c"
        ),
    }[channel]
    assert not tell(settings, ALERT, said.append)
    assert "did not take" in said[0]
    assert "secret-token" not in said[0] + repr(settings)


def test_an_alert_without_a_date_began_now():
    now = f"Since: {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    assert now in Alert("run", what="it failed", money="none", advice="look").text


def test_what_is_at_stake_is_not_known_before_anything_is_published(tmp_path):
    assert stake(Settings(home=tmp_path)) == "not known, because no pipeline is published"


def test_what_is_at_stake_is_the_open_pipeline_that_readers_see(tmp_path):
    settings = Settings(home=tmp_path)
    settings.published_folder.mkdir()
    with duckdb.connect(str(settings.published_file)) as database:
        database.execute(
            "create schema marts; create table marts.mart_pipeline_daily as"
            " select date '2026-06-29' as snapshot_date, 7 as open_amount"
            " union all select date '2026-06-30', 1000 union all select date '2026-06-30', 234.4"
        )
    assert stake(settings) == "USD 1,234 of open pipeline, which readers see as of 2026-06-30"
