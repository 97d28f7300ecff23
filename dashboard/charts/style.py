"""What charts share: colours that colour-blind people tell apart, on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import altair as alt
import pandas as pd

from orchestration.formats import Formats, label

Drawn: TypeAlias = alt.Chart | alt.LayerChart

# Okabe and Ito's, without the black and the yellow that drown in one of the two backgrounds.
BLUE, ORANGE, GREEN, SKY, RED, PINK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#CC79A7", "#8C8C8C",
)  # fmt: skip
PALETTE = (SKY, ORANGE, GREEN, PINK, RED, BLUE, GREY)
ROW = 28
"""Height of a bar with its gap, in pixels."""
LABELS = alt.Axis(labelLimit=160, labelOverlap=False)
"""An axis of names."""
SHORT = "replace(format(datum.value, '~s'), 'G', 'B')"
"""How an axis writes amounts."""


def localised(chart: Drawn, formats: Formats) -> Drawn:
    """A chart whose axes write numbers as the page does."""
    decimal, thousands = formats.separators
    number = alt.NumberLocale(decimal=decimal, thousands=thousands, grouping=[3], currency=["", ""])
    return chart.configure(locale=alt.Locale(number=number)).configure_legend(
        orient="top", title=None, labelLimit=200, columns=2
    )


def height(rows: int, row: int = ROW) -> int:
    """Height of a chart of so many rows, its axis and legend included, in pixels."""
    return row * rows + 105


def long(frame: pd.DataFrame, time: str, amounts: Sequence[str], formats: Formats) -> pd.DataFrame:
    """A row per moment and amount: `name`, `value`, and both as people write them."""
    drawn = frame.melt([time], list(amounts), "name", "value").dropna(subset=["value"])
    drawn["written"] = [formats.money(value) for value in drawn["value"]]
    drawn["day"] = [formats.date(day) for day in drawn[time]]
    return drawn.assign(name=drawn["name"].map(label))
