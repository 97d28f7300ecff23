"""The monthly business review: the month in the row of months and quarters before it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from orchestration.queries import company, forecast, marketing, pipeline, review
from orchestration.report import pipeline_sections, sections
from orchestration.report.contents import Bars, Part, Report, Section
from orchestration.report.edition import Edition, Span, span_of

KIND = "monthly-business-review"
TITLE = "Monthly business review"
MONTHS, QUARTERS = 13, 8
"""Periods in a trend: the same one of the year before is among them."""


def monthly_review(edition: Edition) -> Report:
    """The review of the newest month that is over."""
    span = span_of(company.newest_over(edition.db, "month"))
    if span is None:
        return Report(KIND, TITLE, "", None)
    told = (
        sections.booked(edition, span, "month"),
        pipeline_sections.open_pipeline(edition, span),
        sections.quarter(edition, span),
        _bookings(edition, "month", span.first, MONTHS),
        _bookings(edition, "quarter", span.quarter_first, QUARTERS),
        _pipeline(edition, span),
        pipeline_sections.waterfall(edition, "month", span.first),
        pipeline_sections.movers(edition, "month", span.first),
        pipeline_sections.waterfall(edition, "quarter", span.quarter_first),
        sections.ahead(edition, "quarter"),
        sections.ahead(edition, "month"),
        _accuracy(edition),
        sections.teams(edition, span),
        sections.reps(edition, span),
        *pipeline_sections.top_deals(edition, span, "month"),
        _losses(edition, span),
        pipeline_sections.stages(edition, span),
        *pipeline_sections.bottlenecks(edition),
        pipeline_sections.conversion(edition, span.quarter_first, span.quarter_last),
        *sections.from_spend_to_revenue(edition, span.first, span.last),
        _leads(edition, span),
        *sections.trust(edition),
    )
    return Report(KIND, TITLE, f"{span.first:%B %Y}", span.as_of, (Part("", told),))


def _bookings(edition: Edition, grain: review.Grain, last: dt.date, periods: int) -> Section:
    frame = review.trend(edition.db, grain, last, periods, edition.node)
    return Section(
        f"Bookings by {grain}",
        edition.named(frame, grain),
        sections.TEAM if edition.node else sections.REPS,
        "Nothing was ever booked, or lost.",
        "Quarters are fiscal." if grain == "quarter" else "",
        chart=Bars(
            f"Bookings and quota of each {grain}",
            "period",
            "bookings_amount",
            "quota_amount",
            is_upright=True,
        ),
    )


def _pipeline(edition: Edition, span: Span) -> Section:
    """What was open at the end of each month."""
    months = pd.date_range(end=span.last, periods=MONTHS, freq="ME")
    found = pipeline.open_pipeline(edition.db, [day.date() for day in months], None)
    frame = found[found["open_count"].cumsum() > 0].reset_index(drop=True)
    frame.insert(0, "period", frame["snapshot_date"].dt.strftime("%Y-%m"))
    return Section(
        "Open pipeline by month",
        frame.drop(columns="snapshot_date"),
        pipeline_sections.DAILY,
        "No opportunity was open in these months.",
        "At the end of each month, whenever it is expected to close.",
        chart=Bars("Open amount by month", "period", "open_amount", is_upright=True),
    )


def _accuracy(edition: Edition) -> Section:
    return Section(
        "How far off such forecasts were",
        forecast.accuracy(edition.db, "company", "quarter").drop(columns="is_published"),
        ("mart_forecast_accuracy",),
        "No forecast could be held against what came yet.",
        "Of fiscal quarters of the company, made the same way at past days.",
    )


def _losses(edition: Edition, span: Span) -> Section:
    return Section(
        "Why deals were lost",
        review.loss_reasons(edition.db, "month", span.first).fillna({"reason": "Nobody said"}),
        ("mart_win_loss",),
        "No deal was lost in this month.",
        chart=Bars("Amount lost by reason", "reason", "lost_amount"),
    )


def _leads(edition: Edition, span: Span) -> Section:
    return Section(
        "Leads of the month",
        marketing.lead_funnel(edition.db, span.first, span.last),
        ("mart_lead_funnel",),
        "Nobody became a lead in this month.",
        "How far those have come by the as-of date who became leads in the month.",
    )
