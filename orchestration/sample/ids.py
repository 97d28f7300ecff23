"""Salesforce record ids: 15 characters that differ by case, and a checksum of three more."""

from __future__ import annotations

from functools import lru_cache

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_INSTANCE = "5g0000"

# The first three characters of an id name its object.
ACCOUNT, CONTACT, USER, OPPORTUNITY = "001", "003", "005", "006"
OPPORTUNITY_HISTORY, FIELD_HISTORY, STAGE = "008", "017", "01J"
USER_ROLE, LEAD, TASK, EVENT = "00E", "00Q", "00T", "00U"
CAMPAIGN, CAMPAIGN_MEMBER = "701", "00v"
QUOTA, PERIOD, CURRENCY, DATED_RATE = "0J9", "026", "01L", "04w"


def salesforce_id(prefix: str, number: int) -> str:
    """The 18-character id of the ``number``-th record (from 0, below 62**6) of an object."""
    tail = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        tail = _DIGITS[digit] + tail
    short = prefix + _INSTANCE + tail
    return short + _checksum(short[0:5]) + _checksum(short[5:10]) + _checksum(short[10:])


@lru_cache(maxsize=1024)
def _checksum(five: str) -> str:
    """One character whose bits say which of the five are capitals."""
    bits = 0
    for position, character in enumerate(five):
        if "A" <= character <= "Z":
            bits |= 1 << position
    return _CHECKSUM[bits]
