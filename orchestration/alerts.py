"""Messages to people when a run needs them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import URLError

from orchestration.settings import Settings


def alert(settings: Settings, text: str, *, timeout_seconds: float = 10.0) -> bool:
    """Post ``text`` to the webhook of ``SALESOPS_ALERT_WEBHOOK`` in the form that Slack reads.

    Returns whether a message was sent: without a webhook there is nobody to tell.

    Raises:
        OSError: the webhook could not be reached or refused the message. Its address, which is a
            secret, is not part of the error.
    """
    if settings.alert_webhook is None:
        return False
    url = settings.alert_webhook.get_secret_value()
    if not url.startswith(("http://", "https://")):
        raise OSError("SALESOPS_ALERT_WEBHOOK must begin with http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url,
        data=json.dumps({"text": text}).encode("utf-8"),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds):  # noqa: S310
            return True
    except (OSError, ValueError, HTTPException) as error:
        # The message of an error may hold the address.
        reason = getattr(error, "reason", "") if isinstance(error, URLError) else ""
        reason = reason or type(error).__name__
        raise OSError(f"the alert webhook did not take the message: {reason}") from None


def alert_or_log(settings: Settings, text: str, log: Callable[[str], None]) -> None:
    """Post ``text`` as `alert` does; where that fails, only ``log`` is told."""
    try:
        alert(settings, text)
    except OSError as error:
        log(str(error))
