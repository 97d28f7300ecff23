"""How representatives do against their quotas, and the deals behind it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import elements
from dashboard.charts import bars, series
from dashboard.view import View, current
from orchestration.queries import performance

TEAM = ("mart_team_performance",)
REPS = ("mart_rep_performance",)
PACE = ("mart_quota_attainment_daily",)
RAMP = ("mart_rep_ramp",)
DEALS = ("fct_opportunity", "dim_account")
TILES = (
    "bookings_amount",
    "quota_amount",
    "attainment_rate",
    "win_rate",
    "average_deal_amount",
    "coverage_ratio_full",
)
MOST = 25
"""People in the chart."""


def show(view: View) -> None:
    """The whole page."""
    _team(view)
    reps = view.read(
        performance.reps, period_type=view.period.type, start=view.period.first, owners=view.owners
    )
    nobody = f"Nobody in what you look at has figures for {view.period.label}."
    note = f"The {MOST} who booked most; the table has everybody." if len(reps) > MOST else ""
    if elements.section(view, "Booked against quota", reps, REPS, nobody, note):
        drawn = bars.attainment(reps.head(MOST), view.formats)
        elements.picture(view, drawn, "Bookings and quota of each representative")
        elements.table(view, reps, REPS)
    _deals(view, reps)
    _ramp(view)


def _team(view: View) -> None:
    if view.node is None:
        st.info(
            "The company has several tops; choose one of them as team to see its whole figures.",
            icon=":material/info:",
        )
        return
    asked = {"period_type": view.period.type, "start": view.period.first, "node": view.node}
    frame = view.read(performance.team, **asked)
    if not elements.section(
        view,
        f"{view.team_name} in {view.period.label}",
        frame,
        TEAM,
        f"There are no figures of a team for {view.period.label}.",
    ):
        return
    elements.tiles(view, frame, TILES, TEAM)
    pace = view.read(performance.pace, **asked)
    if elements.section(
        view, "Pace", pace, PACE, "Nobody had a quota, or booked anything, in this period."
    ):
        of = view.period.type
        amounts = (f"{of}_to_date_bookings_amount", f"{of}_pace_amount")
        drawn = series.lines(pace, "snapshot_date", amounts, view.formats, f"{of}_quota_amount")
        elements.chart(
            view, drawn, pace, PACE, "Bookings so far against the pace that the quota asks for"
        )


def _deals(view: View, reps: pd.DataFrame) -> None:
    if reps.empty:
        return
    is_shared = reps["user_name"].duplicated(keep=False) | reps["user_name"].isna()
    names = reps["user_name"].mask(is_shared, reps["user_key"])
    keys = dict(zip(names, reps["user_key"], strict=True))
    who = st.selectbox("Deals of", list(keys), key="rep", bind="query-params")
    frame = view.read(
        performance.deals, rep=keys[who], first=view.period.first, last=view.period.last
    )
    if elements.section(
        view,
        "Deals that close in the period",
        frame,
        DEALS,
        "No deal of theirs has its close date in this period.",
    ):
        elements.table(view, frame, DEALS)


def _ramp(view: View) -> None:
    frame = view.read(performance.ramp)
    if elements.section(
        view,
        "How new people come up to speed",
        frame,
        RAMP,
        "Nobody's hire date is known. They come from the company's roster, "
        "`company/roster` in landing.",
        "Average bookings of a month, by months since the hire, of each month of hire.",
    ):
        drawn = frame.assign(hired=frame["cohort_month_start_date"].dt.strftime("%Y-%m"))
        newest = sorted(drawn["hired"].unique())[-6:]
        lines = series.ramp(drawn[drawn["hired"].isin(newest)], view.formats)
        elements.chart(
            view, lines, frame, RAMP, "Average bookings by months of tenure and month of hire"
        )


show(current())
