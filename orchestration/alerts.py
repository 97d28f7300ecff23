"""Messages to people when a run needs them."""

from __future__ import annotations

import json
import urllib.request

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
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise OSError(f"the alert webhook did not take the message: {reason}") from None
