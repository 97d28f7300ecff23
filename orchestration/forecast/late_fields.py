"""Fields that are written after an outcome is known: no model may learn from them.

At the time of a forecast they are empty or say something else; learned from, they make a model that
is right about the past and knows nothing of what is to come. Every regression is fitted through
`refuse_late_fields`.
"""

from __future__ import annotations

from collections.abc import Iterable

LATE_FIELDS = frozenset(
    {
        # what came of a deal, and what a rep writes down when it closes
        "iswon", "isclosed", "hsisclosed", "hsisclosedwon", "wondate",
        "lossreason", "winreason", "closereason", "competitor", "maincompetitor",
        # what came of a lead, and what it is called afterwards
        "isconverted", "converted", "status", "leadstatus", "hsleadstatus", "lifecyclestage",
        "rating", "tags", "leadquality", "leadprofile", "lastnotableactivity",
    }
)  # fmt: skip
"""Names without case, spaces and underscores, and without the ending of custom fields."""
LATE_BEGINNINGS = ("closed", "converted", "asymmetrique")


class LateFieldError(ValueError):
    """A model was to learn from fields that are written after the outcome is known."""


def is_late(field: str) -> bool:
    """Whether a field is written after the outcome is known, by the name that a CRM gives it."""
    name = "".join(filter(str.isalnum, field.lower().removesuffix("__c")))
    return name in LATE_FIELDS or name.startswith(LATE_BEGINNINGS)


def refuse_late_fields(fields: Iterable[str]) -> None:
    """Let none of them pass.

    Raises:
        LateFieldError: One or more are written after the outcome is known.
    """
    late = sorted(filter(is_late, fields))
    if late:
        names = ", ".join(late)
        raise LateFieldError(
            f"{names}: written after the outcome is known, so nothing can be learned from it"
        )
