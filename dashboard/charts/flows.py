"""What goes from one place to another: waterfall, funnel, ageing, a deal's way."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.charts.style import (
    BLUE,
    GREEN,
    GREY,
    LABELS,
    ORANGE,
    PINK,
    RED,
    ROW,
    SHORT,
    SKY,
    Drawn,
    height,
)
from orchestration.formats import Formats, label
from orchestration.queries.pipeline import ENTRIES, EXITS

ROOM = 1.15
"""How far an axis reaches beyond the longest bar, so that its figure fits in."""


def waterfall(frame: pd.DataFrame, formats: Formats) -> alt.LayerChart:
    """The steps from one level to another, downwards.

    Args:
        frame: One row with `<part>_amount` for start, entries, exits and end.
        formats: How amounts are written.
    """
    row = frame.iloc[0]
    steps, level = [], 0.0
    for part in ("start", *ENTRIES, *EXITS, "end"):
        amount = float(row[f"{part}_amount"])
        if part in ("start", "end"):
            kind, low, level = "level", 0.0, amount
            high = amount
        else:
            change = amount if part in ENTRIES else -amount
            kind = "came in" if part in ENTRIES else "went out"
            low, high, level = level, level + change, level + change
        sign = {"came in": "+", "went out": "−", "level": ""}[kind] if amount else ""
        steps.append((label(part), low, high, max(low, high), kind, sign + formats.short(amount)))
    drawn = pd.DataFrame(steps, columns=["step", "low", "high", "edge", "kind", "amount"])
    base = alt.Chart(drawn, height=height(len(drawn))).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=LABELS),
        tooltip=["step", "amount"],
    )
    bars = base.mark_bar(cornerRadius=2).encode(
        x=alt.X(
            "low:Q",
            title=None,
            axis=alt.Axis(labelExpr=SHORT, tickCount=5),
            scale=alt.Scale(domainMax=float(drawn["edge"].max()) * ROOM),
        ),
        x2="high:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=["level", "came in", "went out"], range=[GREY, SKY, RED]),
        ),
    )
    texts = base.mark_text(align="left", dx=5, color=GREY, fontWeight=600).encode(
        x="edge:Q", text="amount:N"
    )
    return bars + texts


def steps(counts: Sequence[tuple[str, int]], formats: Formats) -> alt.LayerChart:
    """Counts that become fewer from step to step."""
    drawn = pd.DataFrame(counts, columns=["step", "count"])
    drawn["written"] = [formats.write("won_count", count) for count in drawn["count"]]
    base = alt.Chart(drawn, height=height(len(drawn))).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=LABELS),
        x=alt.X(
            "count:Q",
            title=None,
            axis=alt.Axis(tickMinStep=1, tickCount=5),
            scale=alt.Scale(domainMax=float(drawn["count"].max()) * ROOM),
        ),
        tooltip=["step", "written"],
    )
    texts = base.mark_text(align="left", dx=5, color=GREY, fontWeight=600).encode(text="written:N")
    return base.mark_bar(color=SKY, cornerRadius=2) + texts


def ageing(frame: pd.DataFrame, formats: Formats) -> alt.LayerChart:
    """Days in each stage: open deals as bars, three quarters of the won ones as a line."""
    drawn = frame.assign(
        stuck=[formats.write("stuck_amount", value) for value in frame["stuck_amount"]],
    )
    base = alt.Chart(drawn, height=height(len(drawn))).encode(
        y=alt.Y("stage_name:N", sort=None, title=None, axis=LABELS),
        tooltip=[
            "stage_name",
            "open_days_median",
            "open_days_p75",
            "won_days_p75",
            "stuck_count",
            "stuck",
        ],
    )
    median = base.mark_bar(color=SKY, size=16).encode(x=alt.X("open_days_median:Q", title="Days"))
    upper = base.mark_rule(color=SKY, strokeWidth=4).encode(
        x="open_days_median:Q", x2="open_days_p75:Q"
    )
    won = base.mark_tick(color=RED, thickness=4, size=ROW * 0.8, opacity=1).encode(
        x="won_days_p75:Q"
    )
    return median + upper + won


def timeline(visits: pd.DataFrame, contacts: pd.DataFrame) -> Drawn:
    """A deal's way through the stages, and what was done on it.

    Args:
        visits: `stage_name`, `entered_at`, `seen_until_at`, `is_regression` of each visit.
        contacts: `happened_at`, `source`, `what`, `who` of each activity and touch.
    """
    lanes = list(dict.fromkeys(visits["stage_name"]))
    way = (
        alt.Chart(visits)
        .mark_bar(size=18, cornerRadius=3)
        .encode(
            x=alt.X("entered_at:T", title=None),
            x2="seen_until_at:T",
            color=alt.condition(alt.datum["is_regression"], alt.value(RED), alt.value(SKY)),
            tooltip=["stage_name", "days", "entered_at", "exited_at"],
        )
    )
    marks = contacts.assign(lane="Contacts")
    done = (
        alt.Chart(marks)
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            y=alt.Y("lane:N", sort=None, title=None),
            x="happened_at:T",
            color=alt.Color(
                "what:N", scale=alt.Scale(range=[ORANGE, GREEN, PINK, BLUE, GREY]), title=None
            ),
            shape=alt.Shape("what:N"),
            tooltip=["what", "who", "happened_at"],
        )
    )
    rows = [*lanes, *(["Contacts"] if len(contacts) else [])]
    y = alt.Y("stage_name:N", title=None, axis=LABELS)
    drawn: Drawn = way.encode(y=y.scale(domain=rows))
    if len(contacts):
        drawn = drawn + done
    return drawn.properties(height=height(len(rows)))
