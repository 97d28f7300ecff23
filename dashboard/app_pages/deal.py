"""One deal and all that happened to it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import elements
from dashboard.charts import flows
from dashboard.view import View, current
from orchestration.formats import label
from orchestration.queries import deal

FACTS = ("fct_opportunity", "dim_account")
HISTORY = ("fct_opportunity_history",)
VISITS = ("fct_opportunity_stage_visit",)
CONTACTS = ("fct_activity", "fct_touchpoint")
HEALTH = ("mart_deal_health",)
SCORE = ("fct_opportunity_score",)
TILES = (
    "amount",
    "probability",
    "close_date",
    "age_days",
    "days_in_stage",
    "push_count",
    "touch_count",
)
SIGNALS = {
    "is_past_due": ("past_due_days",),
    "is_pushed_repeatedly": ("push_count",),
    "is_silent": ("silent_days",),
    "is_stuck": ("days_in_stage", "stage_won_days_p75"),
    "is_single_contact": ("contact_count",),
    "is_amount_cut": ("highest_amount",),
    "is_stage_regressed": ("stage_regression_count",),
}


def show(view: View) -> None:
    """The whole page."""
    text = st.text_input(
        "Find a deal by its name, account or key", key="find", bind="query-params", type="search"
    )
    key = st.query_params.get("deal")
    facts = view.read(deal.facts, deal=key) if key else pd.DataFrame()
    if key and facts.empty:
        st.warning("There is no such deal in this version.", icon=":material/info:")
    if text or facts.empty:
        _found(view, text)
    if key and not facts.empty:
        _deal(view, key, facts)


def _found(view: View, text: str) -> None:
    found = view.read(deal.found, text=text, owners=view.owners)
    title = "Deals found" if text else "Largest open deals"
    nothing = "No deal of what you look at has this in its name, account or key."
    if not elements.section(view, title, found, FACTS, nothing):
        return
    elements.table(view, found, FACTS)
    named = found["opportunity_name"].fillna("") + " · " + found["account_name"].fillna("")
    names = dict(zip(found["opportunity_key"], named, strict=True))

    def go() -> None:
        st.query_params["deal"] = st.session_state["picked"]

    st.selectbox(
        "Open one of them",
        list(names),
        index=None,
        format_func=lambda key: names.get(key, key),
        key="picked",
        on_change=go,
        placeholder="Type or choose",
    )


def _deal(view: View, key: str, facts: pd.DataFrame) -> None:
    row = facts.iloc[0]
    elements.section(view, row["opportunity_name"] or key, facts, FACTS, "")
    outcome = "won" if row["is_won"] else "lost" if row["is_closed"] else "open"
    named = ("account_name", "stage_name", "owner_name", "loss_reason")
    st.caption(
        " · ".join([outcome, *(elements.plain(row[name]) for name in named if pd.notna(row[name]))])
    )
    elements.tiles(view, facts, TILES, FACTS)
    if not row["is_closed"]:
        _chance(view, view.read(deal.score, deal=key))
        _danger(view, view.read(deal.signals, deal=key))
    visits, contacts = view.read(deal.stage_visits, deal=key), view.read(deal.contacts, deal=key)
    if elements.section(
        view, "Its way through the stages", visits, VISITS, "No stage of it was ever seen."
    ):
        elements.chart(
            view, flows.timeline(visits, contacts), visits, VISITS, "Stages and contacts over time"
        )
    history = view.read(deal.history, deal=key)
    if elements.section(
        view,
        "Every state it was in",
        history,
        HISTORY,
        "No state of it is known.",
        "Times are UTC.",
    ):
        elements.table(view, history, HISTORY)
    if elements.section(
        view,
        "Activities and touches",
        contacts,
        CONTACTS,
        "Nobody did anything on it that was kept.",
    ):
        elements.table(view, contacts, CONTACTS)


def _chance(view: View, score: pd.DataFrame) -> None:
    if elements.section(
        view, "Its chance", score, SCORE, "The newest forecast does not know this deal."
    ):
        elements.tiles(view, score, ("win_chance", "expected_close_date", "method"), SCORE)
        reasons = (score.iloc[0][f"reason_{number}"] for number in (1, 2, 3))
        st.markdown(
            "\n".join(f"- {elements.plain(reason)}" for reason in reasons if pd.notna(reason))
        )


def _danger(view: View, signals: pd.DataFrame) -> None:
    if signals.empty:
        return
    row = signals.iloc[0]
    raised = [name for name in SIGNALS if pd.notna(row[name]) and row[name]]
    if not elements.section(
        view,
        "What endangers it",
        signals if raised else signals.head(0),
        HEALTH,
        "No sign of danger.",
    ):
        return
    lines = []
    for name in raised:
        evidence = ", ".join(
            f"{label(column).lower()} {view.formats.write(column, row[column])}"
            for column in SIGNALS[name]
        )
        lines.append(f"- **{label(name.removeprefix('is_'))}**: {elements.plain(evidence)}")
    st.markdown("\n".join(lines))


show(current())
