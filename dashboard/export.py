"""Figures to take along: CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from orchestration.spreadsheet import harmless


def csv(frame: pd.DataFrame) -> bytes:
    """A frame as UTF-8 CSV with a byte order mark; days and times in ISO 8601, figures in full.

    No text in it is taken for a formula.
    """
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype == object:
            safe[column] = safe[column].map(_harmless)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value
