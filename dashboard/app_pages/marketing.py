"""From spend to won revenue, and who gets the credit by which model."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard import elements
from dashboard.charts import bars, flows
from dashboard.view import View, current
from orchestration.formats import label
from orchestration.queries import marketing, scores

CHANNELS = ("mart_channel_performance",)
CAMPAIGNS = ("mart_campaign_performance", "dim_campaign")
LEADS = ("mart_lead_funnel",)
SCORES = ("fct_lead_score", "fct_lead")
TILES = (
    "spend_amount",
    "lead_count",
    "opportunity_count",
    "won_amount",
    "cost_per_lead",
    "cac",
    "roas_linear",
)
STEPS = (
    "lead_count",
    "responded_count",
    "mql_count",
    "sql_count",
    "opportunity_count",
    "won_count",
)
MOST = 6


def show(view: View) -> None:
    """The whole page."""
    months = {"first": view.period.first, "last": view.period.last}
    nothing = f"No spend, no lead and no opportunity in {view.period.label}."
    whole = view.read(marketing.whole, **months)
    if elements.section(
        view,
        f"From spend to revenue in {view.period.label}",
        whole,
        CHANNELS,
        nothing,
        "Each figure is of its own months; ratios of several months are those of the sums.",
    ):
        elements.tiles(view, whole, TILES, CHANNELS)
    channels = view.read(marketing.channels, **months)
    if elements.section(view, "Channels by attribution model", channels, CHANNELS, nothing):
        attributed = [f"attributed_won_amount_{model}" for model in marketing.MODELS]
        is_credited = channels[attributed].gt(0).any(axis=1) & channels["channel"].ne(
            "Unattributed"
        )
        credited = channels[is_credited].head(MOST)
        st.caption(
            f"The channels with most attributed revenue, at most {MOST}; the table has all, and "
            "'Unattributed' for won revenue without a known touch."
        )
        drawn = bars.grouped(credited, "channel", attributed, view.formats)
        elements.chart(view, drawn, channels, CHANNELS, "Won amount by channel and model")
    campaigns = view.read(marketing.campaigns, **months)
    if elements.section(view, "Campaigns", campaigns, CAMPAIGNS, nothing):
        elements.table(view, campaigns, CAMPAIGNS)
    _leads(view, months)
    _scores(view)


def _leads(view: View, months: dict[str, dt.date]) -> None:
    leads = view.read(marketing.lead_funnel, **months)
    if elements.section(
        view,
        f"What became of the leads of {view.period.label}",
        leads,
        LEADS,
        f"Nobody became a lead in {view.period.label}.",
    ):
        counts = [(label(step), int(leads[step].sum())) for step in STEPS]
        elements.chart(
            view, flows.steps(counts, view.formats), leads, LEADS, "People left at each step"
        )


def _scores(view: View) -> None:
    leads = view.read(scores.leads)
    if elements.section(
        view,
        "Leads by their chance to convert",
        leads,
        SCORES,
        "No lead of the last year is left to convert, or no run has scored one yet.",
        "Whoever became a lead within a year and has not converted, as of the as-of date.",
    ):
        elements.table(view, leads, SCORES)


show(current())
