"""Bars and cells: how much of what."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.charts.style import BLUE, LABELS, PALETTE, RED, ROW, SHORT, SKY, height
from orchestration.formats import Formats, label

_WRAPPED = "split(replace(datum.label, '/', '/|'), '|')"
"""A label with a line for what stands before a slash, and one for the rest."""


def bars(
    frame: pd.DataFrame, category: str, amount: str, formats: Formats, split: str | None = None
) -> alt.Chart:
    """Lying bars in the order of the frame, one for each category, of amounts.

    Args:
        frame: One row per category, or per category and part of it.
        category: Column of the categories.
        amount: Column of the amounts.
        formats: How amounts are written.
        split: Column of the parts that a bar is made of.
    """
    drawn = frame.assign(written=[formats.write(amount, value) for value in frame[amount]])
    drawn[category] = drawn[category].fillna("Nobody known")
    chart = alt.Chart(drawn, height=height(drawn[category].nunique())).mark_bar(cornerRadius=2)
    chart = chart.encode(
        y=alt.Y(f"{category}:N", sort=None, title=None, axis=LABELS),
        x=alt.X(f"{amount}:Q", title=label(amount), axis=alt.Axis(labelExpr=SHORT, tickCount=5)),
        tooltip=[
            alt.Tooltip(column, title=label(column))
            for column in (category, split)
            if column is not None
        ]
        + [alt.Tooltip("written", title=label(amount))],
    )
    if split is None:
        return chart.encode(color=alt.value(SKY))
    return chart.encode(color=alt.Color(f"{split}:N", scale=alt.Scale(range=PALETTE)))


def grouped(
    frame: pd.DataFrame, category: str, amounts: Sequence[str], formats: Formats
) -> alt.Chart:
    """Several amounts of each category side by side."""
    drawn = frame.melt([category], list(amounts), "name", "value")
    drawn["written"] = [formats.money(value) for value in drawn["value"]]
    drawn["name"] = [label(name.rsplit("amount_", 1)[-1]) for name in drawn["name"]]
    drawn[category] = drawn[category].fillna("Nobody known")
    return (
        alt.Chart(drawn, height=height(len(drawn), 13))
        .mark_bar()
        .encode(
            y=alt.Y(f"{category}:N", sort=None, title=None, axis=LABELS),
            yOffset=alt.YOffset("name:N", sort=None),
            x=alt.X("value:Q", title=None, axis=alt.Axis(labelExpr=SHORT, tickCount=5)),
            color=alt.Color("name:N", sort=None, scale=alt.Scale(range=PALETTE)),
            tooltip=[category, alt.Tooltip("name", title="model"), "written"],
        )
    )


def attainment(frame: pd.DataFrame, formats: Formats) -> alt.LayerChart:
    """Booked against quota, a bar and a tick for each of a frame's people."""
    drawn = frame.assign(
        booked=[formats.write("bookings_amount", value) for value in frame["bookings_amount"]],
        quota=[formats.write("quota_amount", value) for value in frame["quota_amount"]],
        attained=[formats.write("attainment_rate", value) for value in frame["attainment_rate"]],
    )
    base = alt.Chart(drawn, height=height(len(drawn))).encode(
        y=alt.Y("user_name:N", sort=None, title=None, axis=LABELS),
        tooltip=["user_name", "booked", "quota", "attained"],
    )
    axis = alt.Axis(labelExpr=SHORT, tickCount=5)
    booked = base.mark_bar(color=SKY, cornerRadius=2).encode(
        x=alt.X("bookings_amount:Q", title="Booked (bar) against quota (line)", axis=axis)
    )
    quota = base.mark_tick(color=RED, thickness=4, size=ROW * 0.8, opacity=1).encode(
        x="quota_amount:Q"
    )
    return booked + quota


def heat(frame: pd.DataFrame, row: str, column: str, rate: str, formats: Formats) -> alt.LayerChart:
    """A grid of rates, each written in its cell, darker where it is higher."""
    drawn = frame.assign(written=[formats.write(rate, value) for value in frame[rate]])
    base = alt.Chart(drawn, height=height(drawn[row].nunique(), 44)).encode(
        y=alt.Y(f"{row}:N", sort=None, title=label(row), axis=alt.Axis(labelLimit=150)),
        x=alt.X(
            f"{column}:N",
            sort=list(dict.fromkeys(frame.sort_values(f"{column}_order")[column])),
            title=label(column),
            axis=alt.Axis(orient="top", labelAngle=0, labelExpr=_WRAPPED, labelPadding=16),
        ),
        tooltip=[row, column, alt.Tooltip("written", title=label(rate))],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            f"{rate}:Q",
            scale=alt.Scale(domain=[0, 1], range=["#DCEBF5", BLUE]),
            legend=None,
        )
    )
    ink = alt.condition(alt.datum[rate] > 0.55, alt.value("#FFFFFF"), alt.value("#10222E"))
    return cells + base.mark_text(fontWeight=600).encode(text="written:N", color=ink)
