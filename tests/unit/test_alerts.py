from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from orchestration.alerts import alert
from orchestration.settings import Settings


@pytest.fixture
def webhook():
    """A real server on the loopback address that keeps what it is sent."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(body))
            self.send_response(200 if self.path == "/good" else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()


def test_an_alert_reaches_the_webhook_as_slack_reads_it(webhook):
    url, received = webhook
    assert alert(Settings(alert_webhook=f"{url}/good"), "Bảo: run failed")
    assert received == [{"text": "Bảo: run failed"}]


def test_without_a_webhook_nobody_is_told(monkeypatch):
    monkeypatch.delenv("SALESOPS_ALERT_WEBHOOK", raising=False)
    assert not alert(Settings(), "run failed")


def test_a_refused_alert_says_so_without_giving_the_secret_address_away(webhook):
    url, _ = webhook
    with pytest.raises(OSError, match="did not take the message") as error:
        alert(Settings(alert_webhook=f"{url}/secret-token"), "run failed")
    assert "secret-token" not in repr(error.value)
    assert error.value.__suppress_context__
