"""What changes over time, or from one count to the next."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.charts.style import GREEN, GREY, ORANGE, PALETTE, RED, SHORT, SKY, Drawn, long
from orchestration.formats import Formats, label


def lines(
    frame: pd.DataFrame,
    time: str,
    amounts: Sequence[str],
    formats: Formats,
    ruled: str | None = None,
) -> Drawn:
    """Amounts over time, a line each, told apart by colour and dash.

    Args:
        frame: One row per moment.
        time: Column of the days.
        amounts: Columns of the amounts.
        formats: How amounts are written.
        ruled: Column of an amount that is the same on all days, drawn as a level.
    """
    drawn = long(frame, time, amounts, formats)
    names = [label(name) for name in amounts]
    chart = (
        alt.Chart(drawn, height=260)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X(f"{time}:T", title=None),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(labelExpr=SHORT, tickCount=5)),
            color=alt.Color("name:N", scale=alt.Scale(domain=names, range=PALETTE[: len(names)])),
            strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=names)),
            tooltip=["day", alt.Tooltip("name", title="figure"), "written"],
        )
    )
    if ruled is None or frame[ruled].isna().all():
        return chart
    level = pd.DataFrame({"value": [frame[ruled].max()], "name": [label(ruled)]})
    rule = alt.Chart(level).mark_rule(color=GREEN, strokeWidth=2, strokeDash=[2, 3])
    text = alt.Chart(level).mark_text(color=GREEN, align="left", dy=-8, x=4, fontWeight=600)
    return chart + rule.encode(y="value:Q") + text.encode(y="value:Q", text="name:N")


def fan(past: pd.DataFrame, ahead: pd.DataFrame, formats: Formats) -> alt.LayerChart:
    """What was booked, how what is to come spreads, and what it is measured against.

    Args:
        past: `period_start_date` and `bookings_amount` of periods that are over.
        ahead: `period_start_date` and `<figure>_amount` for mean, p10, p90, naive, commit and quota
            of periods from the running one on.
        formats: How amounts are written.
    """
    time = "period_start_date"
    named = {
        "bookings_amount": ("Booked", GREY, [1, 0], "circle"),
        "mean_amount": ("Forecast", SKY, [1, 0], "circle"),
        "naive_amount": ("Naive", ORANGE, [5, 4], "triangle-up"),
        "commit_amount": ("Commit", GREEN, [1, 0], "square"),
        "quota_amount": ("Quota", RED, [1, 0], "diamond"),
    }
    names, colours, dashes, shapes = (list(of_all) for of_all in zip(*named.values(), strict=True))
    drawn = pd.concat(
        [
            long(past, time, ["bookings_amount"], formats),
            long(ahead, time, list(named)[1:], formats),
        ]
    ).replace({"name": {label(column): name for column, (name, *_) in named.items()}})
    band = (
        alt.Chart(ahead, height=380)
        .mark_area(color=SKY, opacity=0.25)
        .encode(
            x=alt.X(f"{time}:T", title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y("p10_amount:Q", title=None, axis=alt.Axis(labelExpr=SHORT, tickCount=6)),
            y2="p90_amount:Q",
        )
    )
    by_name = alt.Chart(drawn).encode(
        x=f"{time}:T",
        y="value:Q",
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=colours)),
        tooltip=["day", alt.Tooltip("name", title="figure"), "written"],
    )
    drawn_through = alt.FieldOneOfPredicate("name", names[:3])
    line = (
        by_name.transform_filter(drawn_through)
        .mark_line(strokeWidth=2.5)
        .encode(strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=dashes)))
    )
    points = by_name.mark_point(filled=True, size=70, opacity=1).encode(
        shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=shapes))
    )
    return band + line + points


def rates(
    frame: pd.DataFrame, x: str, rate: str, split: str, formats: Formats, level: float | None = None
) -> Drawn:
    """Rates, a line with points for each part, told apart by colour and shape.

    Args:
        frame: One row per value of `x` and part.
        x: Column along the axis; a month, or a count.
        rate: Column of the rates, 0-1.
        split: Column of the parts.
        formats: How rates are written.
        level: A rate to compare with.
    """
    drawn = frame.assign(written=[formats.write(rate, value) for value in frame[rate]])
    kind = "T" if _is_time(frame[x]) else "O"
    chart = alt.Chart(drawn, height=260).mark_line(
        strokeWidth=2.5, point={"size": 50, "filled": True}
    )
    chart = chart.encode(
        x=alt.X(
            f"{x}:{kind}", title=None if kind == "T" else label(x), axis=alt.Axis(labelAngle=0)
        ),
        y=alt.Y(f"{rate}:Q", title=label(rate), axis=alt.Axis(format="~%", tickCount=5)),
        color=alt.Color(f"{split}:N", sort=None, scale=alt.Scale(range=PALETTE)),
        shape=alt.Shape(f"{split}:N", sort=None),
        tooltip=[split, alt.Tooltip("written", title=label(rate))],
    )
    if level is None:
        return chart
    rule = alt.Chart(pd.DataFrame({"level": [level]})).mark_rule(color=GREY, strokeDash=[4, 4])
    return chart + rule.encode(y="level:Q")


def _is_time(values: pd.Series) -> bool:
    """Whether a column holds days."""
    return pd.api.types.is_datetime64_any_dtype(values)


def ramp(frame: pd.DataFrame, formats: Formats) -> alt.Chart:
    """Average bookings by months of tenure, a line for each month of hire (`hired`)."""
    amount = "average_bookings_amount"
    drawn = frame.assign(written=[formats.write(amount, value) for value in frame[amount]])
    return (
        alt.Chart(drawn, height=260)
        .mark_line(strokeWidth=2.5, point={"size": 45, "filled": True})
        .encode(
            x=alt.X("tenure_month:O", title=label("tenure_month"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{amount}:Q", title=None, axis=alt.Axis(labelExpr=SHORT, tickCount=5)),
            color=alt.Color("hired:N", scale=alt.Scale(range=PALETTE)),
            shape="hired:N",
            tooltip=["hired", "tenure_month", alt.Tooltip("written", title=label(amount))],
        )
    )
