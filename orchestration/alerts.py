"""Messages to people: each says what, since when, how much money it touches, and what to do.

They go to a webhook (``SALESOPS_ALERT_WEBHOOK``), to mailboxes (``SALESOPS_ALERT_EMAIL``, by way
of ``SALESOPS_ALERT_SMTP``), or both. What was told is told once: ``alerts.json`` below the home
keeps what stands until it is cleared.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import smtplib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from ssl import create_default_context
from urllib.error import URLError
from urllib.parse import unquote, urlsplit

import duckdb

from orchestration.company import load_company
from orchestration.published import NotPublishedError, open_published
from orchestration.settings import Settings

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Alert:
    """Something that a person should know.

    ``key`` is the same as long as it is the same trouble; ``since`` None stands for now.
    """

    key: str
    what: str
    money: str
    advice: str
    since: dt.date | None = None

    @property
    def text(self) -> str:
        """The message, one thing a line."""
        since = str(self.since) if self.since else f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC"
        return (
            f"salesops: {self.what}\nSince: {since}\nMoney: {self.money}\nWhat to do: {self.advice}"
        )


class NotSentError(OSError):
    """A message did not reach its channel; the error tells no address, which is a secret."""


def tell(settings: Settings, alert: Alert, log: Callable[[str], None]) -> bool:
    """Send an alert, unless it stands already; whether somebody was told.

    A channel that does not take it is told to ``log``; when none takes it, it is tried again the
    next time.
    """
    with _standing(settings) as standing:
        if alert.key in standing:
            return False
        told = False
        for send in (_post, _mail):
            try:
                told |= send(settings, alert.text)
            except NotSentError as error:
                log(str(error))
        if told:
            standing[alert.key] = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return told


def clear(settings: Settings, *prefixes: str, except_for: str = "") -> None:
    """Note that what alerts of these prefixes tell of is over, so that its return is told again."""
    if not _file(settings).exists():
        return
    with _standing(settings) as standing:
        for key in [key for key in standing if key.startswith(prefixes) and key != except_for]:
            del standing[key]


def _file(settings: Settings) -> Path:
    return settings.home / "alerts.json"


@contextmanager
def _standing(settings: Settings) -> Iterator[dict[str, str]]:
    """What was told and not cleared, to be changed; written back on leaving."""
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        try:
            standing = dict(json.load(stream))
        except ValueError:  # empty, or cut off when the machine went: tell again
            standing = {}
        before = dict(standing)
        yield standing
        if standing != before:
            stream.truncate(0)
            json.dump(standing, stream, indent=2)


def _post(settings: Settings, text: str) -> bool:
    """Post to the webhook in the form that Slack reads; False when there is none."""
    if settings.alert_webhook is None:
        return False
    url = settings.alert_webhook.get_secret_value()
    if not url.startswith(("http://", "https://")):
        raise NotSentError("SALESOPS_ALERT_WEBHOOK must begin with http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url,
        data=json.dumps({"text": text}).encode("utf-8"),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
            return True
    except (OSError, ValueError, HTTPException) as error:
        # The message of an error may hold the address.
        reason = getattr(error, "reason", "") if isinstance(error, URLError) else ""
        reason = reason or type(error).__name__
        raise NotSentError(f"the alert webhook did not take the message: {reason}") from None


def _mail(settings: Settings, text: str) -> bool:
    """Send by e-mail; False when nobody is to get any. A password goes over TLS only."""
    if settings.alert_smtp is None or not settings.alert_email:
        return False
    server = urlsplit(settings.alert_smtp.get_secret_value())
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise NotSentError("SALESOPS_ALERT_SMTP must be smtp://host or smtps://host")
    message = EmailMessage()
    message["Subject"] = " ".join(text.partition("\n")[0].split())[:200]
    message["From"] = settings.alert_sender or f"salesops@{server.hostname}"
    message["To"] = settings.alert_email
    message.set_content(text)
    try:
        with _connect(server.scheme, server.hostname, server.port) as smtp:
            if server.scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls(context=create_default_context())
                smtp.ehlo()
            elif server.scheme == "smtp" and server.password:
                raise NotSentError("the mail server offers no TLS: no password is sent to it")
            if server.username and server.password:
                smtp.login(unquote(server.username), unquote(server.password))
            smtp.send_message(message)
    except NotSentError:
        raise
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise NotSentError(
            f"the mail server did not take the alert: {type(error).__name__}"
        ) from None
    return True


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, port or 465, timeout=TIMEOUT_SECONDS, context=create_default_context()
        )
    smtp = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
    smtp.ehlo()
    return smtp


def stake(settings: Settings) -> str:
    """The open pipeline that readers see, in words: what rests on figures that do not come."""
    try:
        with open_published(settings) as published:
            day, amount = published.execute(
                "select max(snapshot_date), sum(open_amount) from marts.mart_pipeline_daily"
                " where snapshot_date = (select max(snapshot_date) from marts.mart_pipeline_daily)"
            ).fetchall()[0]
    except (NotPublishedError, duckdb.Error):
        return "not known, because no pipeline is published"
    currency = load_company(settings).reporting_currency
    return f"{currency} {amount or 0:,.0f} of open pipeline, which readers see as of {day}"
