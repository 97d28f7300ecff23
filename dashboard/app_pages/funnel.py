"""Where deals go on, where they stand still, and which of them to look at."""

from __future__ import annotations

import streamlit as st

from dashboard import elements
from dashboard.charts import bars, flows, series
from dashboard.view import View, current
from orchestration.queries import funnel

CONVERSION = ("mart_stage_conversion",)
AGEING = ("mart_stage_ageing",)
HEALTH = ("mart_deal_health",)
MONTHS = 12


def show(view: View) -> None:
    """The whole page."""
    _ageing(view)
    _deals(view)
    _conversion(view)


def _ageing(view: View) -> None:
    frame = view.read(funnel.ageing)
    if elements.section(
        view,
        "Where deals stand still",
        frame,
        AGEING,
        "No opportunity is open.",
        "Bars are the median days that open deals have stood in a stage, thin bars reach to their "
        "75th percentile, lines are that of won deals. Of the whole company, as of the as-of date.",
    ):
        elements.chart(
            view,
            flows.ageing(frame, view.formats),
            frame,
            AGEING,
            "Days in each stage, open and won",
        )


def _deals(view: View) -> None:
    only_stuck = st.toggle("Only stuck deals", True, key="stuck", bind="query-params")
    frame = view.read(funnel.endangered_deals, owners=view.owners, only_stuck=only_stuck)
    title = "Stuck deals" if only_stuck else "Deals in danger"
    nothing = "No open deal of what you look at is stuck or in danger."
    if elements.section(view, title, frame, HEALTH, nothing):
        elements.table(view, frame, HEALTH)


def _conversion(view: View) -> None:
    frame = view.read(funnel.conversion, first=view.period.first, last=view.period.last)
    if elements.section(
        view,
        f"Who goes on: deals that entered a stage in {view.period.label}",
        frame,
        CONVERSION,
        f"No deal entered a stage in {view.period.label}.",
        "Of the whole company. Deals that entered lately have had little time to go on.",
    ):
        grid = bars.heat(frame, "from_stage", "to_stage", "conversion_rate", view.formats)
        elements.chart(view, grid, frame, CONVERSION, "Share that reached each later stage")
    months = view.read(funnel.conversion_by_month, months=MONTHS)
    if elements.section(
        view,
        f"Won in the end, by month of entry, the newest {MONTHS} months",
        months,
        CONVERSION,
        "No deal entered a stage in these months.",
    ):
        rates = series.rates(
            months, "entry_month_start_date", "conversion_rate", "from_stage", view.formats
        )
        elements.chart(view, rates, months, CONVERSION, "Share won by month of entry and stage")


show(current())
