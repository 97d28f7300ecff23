"""Texts for files that people open in a spreadsheet."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text as a spreadsheet takes for text: with an apostrophe, if it begins like a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
