"""What is forecast, how sure it is, and how far off such forecasts were."""

from __future__ import annotations

import streamlit as st

from dashboard import elements
from dashboard.charts import series
from dashboard.view import View, current
from orchestration.queries import forecast, scores

FORECAST = ("mart_forecast_summary",)
ACCURACY = ("mart_forecast_accuracy",)
DEALS = ("fct_opportunity_score", "fct_opportunity")
TILES = (
    "mean_amount",
    "p10_amount",
    "p90_amount",
    "quota_amount",
    "gap_amount",
    "commit_amount",
    "best_case_amount",
    "naive_amount",
)
GRAINS: dict[str, forecast.Grain] = {"Quarters": "quarter", "Months": "month"}


def show(view: View) -> None:
    """The whole page."""
    run = view.read(forecast.run)
    if run.empty:
        st.info("No forecast is published yet; each run makes one.", icon=":material/info:")
        return
    chosen = st.segmented_control(
        "Periods",
        list(GRAINS),
        default="Quarters",
        key="periods",
        bind="query-params",
        required=True,
    )
    grain = GRAINS[chosen or "Quarters"]
    note = run.iloc[0]["note"]
    if note:
        st.caption(elements.plain(note))
    _ahead(view, grain)
    _deals(view)
    _accuracy(view, grain)


def _ahead(view: View, grain: forecast.Grain) -> None:
    node = ("team", view.team) if view.team else ("company", "company")
    ahead = view.read(forecast.periods, node_type=node[0], node=node[1], grain=grain)
    if not elements.section(
        view,
        f"Bookings of {view.team_name}" if view.team else "Bookings of the whole company",
        ahead,
        FORECAST,
        "There is no forecast for what you look at: less than three complete months of bookings.",
    ):
        return
    to_come = ahead[(ahead["open_amount"] + ahead["new_amount"]) > 0]
    shown = (to_come if len(to_come) else ahead).head(1)
    st.caption(
        f"The {grain} from {view.formats.date(shown['period_start_date'].iloc[0])}, the first in "
        "which anything is still to come; the others are in the chart and the file."
    )
    elements.tiles(view, shown, TILES, FORECAST)
    past = view.read(
        forecast.booked, team=view.team, grain=grain, before=ahead["period_start_date"].min().date()
    )
    drawn = series.fan(past, ahead, view.formats)
    says = "Past bookings; the forecast with its 80 % range beside quota, commit and the naive"
    elements.chart(view, drawn, ahead, FORECAST, says)


def _deals(view: View) -> None:
    deals = view.read(scores.open_deals, owners=view.owners)
    if elements.section(
        view,
        "Open deals and their chances",
        deals,
        DEALS,
        "No deal of what you look at is open, or no run has scored one yet.",
        "The ones in which most is at stake, amount times chance, come first.",
    ):
        elements.table(view, deals, DEALS)


def _accuracy(view: View, grain: forecast.Grain) -> None:
    node_type = "team" if view.team else "company"
    frame = view.read(forecast.accuracy, node_type=node_type, grain=grain)
    if elements.section(
        view,
        "How far off such forecasts were",
        frame,
        ACCURACY,
        "No past forecast could be tested yet: it takes months that are over.",
        "Errors of the published method beside the naive's, by periods ahead; then how often the "
        "80 % range held.",
    ):
        errors, held = (
            series.rates(frame, "horizon", rate, "method", view.formats, level)
            for rate, level in (("wape", None), ("interval_coverage", 0.8))
        )
        elements.picture(view, errors, "Error by periods ahead and method")
        elements.chart(view, held, frame, ACCURACY, "Share of ranges that held, by periods ahead")


show(current())
