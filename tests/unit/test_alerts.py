from __future__ import annotations

import pytest

from orchestration.alerts import alert
from orchestration.settings import Settings


def test_an_alert_reaches_the_webhook_as_slack_reads_it(webhook):
    assert alert(Settings(alert_webhook=f"{webhook.url}/good"), "Bảo: run failed")
    assert webhook.messages == [{"text": "Bảo: run failed"}]


def test_without_a_webhook_nobody_is_told():
    assert not alert(Settings(), "run failed")


def test_a_refused_alert_says_so_without_giving_the_secret_address_away(webhook):
    with pytest.raises(OSError, match="did not take the message") as error:
        alert(Settings(alert_webhook=f"{webhook.url}/refused/secret-token"), "run failed")
    assert "secret-token" not in repr(error.value)
    assert error.value.__suppress_context__
