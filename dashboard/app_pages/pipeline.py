"""The pipeline as of any date, and what became of it between any two."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard import elements
from dashboard.charts import bars, flows, series
from dashboard.view import View, current
from orchestration.queries import pipeline

DAILY = ("mart_pipeline_daily",)
MOVED = ("mart_pipeline_waterfall_opportunity", "pipeline_waterfall_between", "fct_opportunity")
NOTHING_OPEN = "No opportunity was open then in what you look at."


def show(view: View) -> None:
    """The whole page."""
    first, last = _dates(view)
    day = min(last, view.as_of)
    _state(view, first, day)
    _waterfall(view, first, last)
    _stages(view, day)
    _teams(view, day)
    _trend(view, first, day)


def _dates(view: View) -> tuple[dt.date, dt.date]:
    if st.session_state.get("dates_of", view.period) != view.period:  # chosen anew
        st.session_state["from"], st.session_state["to"] = view.period.first, view.period.last
    st.session_state["dates_of"] = view.period
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input(
            "From",
            view.period.first,
            key="from",
            bind="query-params",
            format="YYYY-MM-DD",
            width=160,
        )
        last = st.date_input(
            "To", view.period.last, key="to", bind="query-params", format="YYYY-MM-DD", width=160
        )
    if last < first:
        st.warning(
            "'To' lies before 'From'; the day 'From' alone is shown.", icon=":material/info:"
        )
    return first, max(first, last)


def _state(view: View, first: dt.date, day: dt.date) -> None:
    days = [min(first, day) - dt.timedelta(days=1), day]
    states = view.read(pipeline.open_pipeline, days=days, owners=view.owners)
    title = f"Open at the end of {view.formats.date(day)}"
    note = f"Changes are those since {view.formats.date(first)} began."
    elements.section(view, title, states, DAILY, NOTHING_OPEN, note)
    columns = ("open_amount", "weighted_amount", "open_count")
    elements.tiles(view, states.tail(1), columns, DAILY, states.head(1))


def _stages(view: View, day: dt.date) -> None:
    frame = view.read(pipeline.by_stage, day=day, owners=view.owners)
    if elements.section(
        view, "By stage", frame, DAILY, NOTHING_OPEN, "Told apart by forecast category."
    ):
        drawn = bars.bars(frame, "stage_name", "open_amount", view.formats, "forecast_category")
        elements.chart(view, drawn, frame, DAILY, "Open amount by stage and forecast category")


def _teams(view: View, day: dt.date) -> None:
    frame = view.read(pipeline.by_team, day=day, team=view.node)
    note = "Each with everybody below, as the tree stands on the as-of date."
    of = (*DAILY, "dim_user")
    if elements.section(view, "By team", frame, of, NOTHING_OPEN, note):
        drawn = bars.bars(frame, "user_name", "open_amount", view.formats)
        elements.chart(view, drawn, frame, of, "Open amount by team")


def _waterfall(view: View, first: dt.date, last: dt.date) -> None:
    if (first, last) == (view.period.first, view.period.last) and view.period.type != "year":
        asked = {"period_type": view.period.type, "first": first, "owners": view.owners}
        frame = view.read(pipeline.waterfall, **asked)
        deals = view.read(pipeline.moved_deals, **asked)
    else:
        between = {"first": first, "last": last, "owners": view.owners}
        frame = view.read(pipeline.waterfall_between, **between)
        deals = view.read(pipeline.moved_deals_between, **between)
    since, until = view.formats.date(first), view.formats.date(last)
    if not elements.section(
        view,
        "What became of the pipeline",
        frame.loc[(frame != 0).any(axis=1)],
        MOVED,
        "No opportunity was expected to close between these dates.",
        f"Of what was expected to close from {since} to {until}: from its opening to its closing.",
    ):
        return
    drawn = flows.waterfall(frame, view.formats)
    elements.chart(
        view, drawn, frame, MOVED, "The pipeline from its opening to its closing, by step"
    )
    if elements.section(
        view, "Deals that moved", deals, MOVED, "No deal moved between these dates."
    ):
        elements.table(view, deals, MOVED)


def _trend(view: View, first: dt.date, day: dt.date) -> None:
    frame = view.read(pipeline.by_day, first=first, last=day, owners=view.owners)
    if elements.section(view, "Day by day", frame, DAILY, NOTHING_OPEN):
        amounts = ("open_amount", "weighted_amount")
        drawn = series.lines(frame, "snapshot_date", amounts, view.formats)
        elements.chart(view, drawn, frame, DAILY, "Open and weighted amount, day by day")


show(current())
