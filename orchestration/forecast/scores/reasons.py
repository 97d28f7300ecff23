"""Why a chance is what it is: the three things that moved it most, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.forecast.methods import FloatArray

COUNT = 3
SMALLEST = 0.005
"""What moves a chance by less is no reason."""


def reasons(chances: FloatArray, without: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The three things that moved each chance most, and by how much.

    Args:
        chances: The chances (0-1).
        without: What each chance would be if one thing were as usual: a column per thing.
        told: The same things in words.

    Returns:
        ``reason_1`` to ``reason_3``, 'raised: ...' or 'lowered: ...', and beside each its
        ``_effect``, the difference to the chance as usual; None where nothing else moved it.
    """
    moved = (chances[:, None] - without.to_numpy(dtype=float)).round(4)
    words = told[list(without)].to_numpy(dtype=object)
    order = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :COUNT]
    columns: dict[str, object] = {}
    rows = np.arange(len(chances))
    for number in range(COUNT):
        place = order[:, number]
        effect = moved[rows, place]
        is_reason = np.abs(effect) >= SMALLEST
        text = np.where(effect > 0, "raised: ", "lowered: ") + words[rows, place]
        columns[f"reason_{number + 1}"] = np.where(is_reason, text, None)
        columns[f"reason_{number + 1}_effect"] = np.where(is_reason, effect, np.nan)
    return pd.DataFrame(columns)


def counted(numbers: pd.Series[Any], one: str, many: str) -> pd.Series[str]:
    """Whole numbers with what they count: '1 day', '2 days'."""
    whole = numbers.astype(int)
    return whole.astype(str) + np.where(whole == 1, f" {one}", f" {many}")
