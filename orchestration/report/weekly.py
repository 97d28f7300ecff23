"""The weekly sales report: what happened in the week, and where it leaves the quarter."""

from __future__ import annotations

from orchestration.queries import company
from orchestration.report import pipeline_sections, sections
from orchestration.report.contents import Part, Report
from orchestration.report.edition import Edition, span_of

KIND = "weekly-sales-report"
TITLE = "Weekly sales report"


def weekly_report(edition: Edition) -> Report:
    """The report on the newest week that is over."""
    span = span_of(company.newest_over(edition.db, "week"))
    if span is None:
        return Report(KIND, TITLE, "", None)
    quarter = span.quarter_first
    told = (
        pipeline_sections.open_pipeline(edition, span),
        sections.booked(edition, span, "week"),
        sections.quarter(edition, span),
        sections.ahead(edition, "quarter"),
        pipeline_sections.waterfall(edition, "quarter", quarter),
        pipeline_sections.movers(edition, "quarter", quarter),
        pipeline_sections.waterfall(edition, "week", span.first),
        *pipeline_sections.top_deals(edition, span, "week"),
        sections.teams(edition, span),
        sections.reps(edition, span),
        pipeline_sections.stages(edition, span),
        *pipeline_sections.bottlenecks(edition),
        pipeline_sections.conversion(edition, quarter, span.quarter_last),
        *sections.from_spend_to_revenue(edition, span.month_first, span.month_last),
        *sections.trust(edition),
    )
    days = f"{edition.formats.date(span.first)} to {edition.formats.date(span.last)}"
    return Report(KIND, TITLE, f"The week from {days}", span.as_of, (Part("", told),))
