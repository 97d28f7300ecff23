"""The sections on figures of the company that the weekly report and the monthly review share."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pandas as pd

from orchestration.queries import (
    forecast,
    marketing,
    performance,
    quality,
    review,
)
from orchestration.report.contents import Bars, Ranges, Section
from orchestration.report.edition import Edition, Span

TEAM = ("mart_team_performance",)
REPS = ("mart_rep_performance",)
FORECAST = ("mart_forecast_summary",)
MARKETING = ("mart_channel_performance",)
MOST = 10
"""Findings in a list of the largest."""

_NO_TOP = (
    "There are no figures of the company as a team: its users have several tops, or none; the teams"
    " stand below."
)
_QUARTER_FIGURES = [
    "bookings_amount", "quota_amount", "attainment_rate", "win_rate", "average_deal_amount",
    "pipeline_generated_amount", "coverage_ratio_full", "coverage_ratio_remaining", "slip_rate",
]  # fmt: skip


def booked(edition: Edition, span: Span, kind: Literal["week", "month"]) -> Section:
    """What was booked in the period."""
    return Section(
        f"Booked in the {kind}",
        review.booked(edition.db, kind, span.first),
        ("mart_pipeline_waterfall",),
        "",
        form="tiles",
    )


def quarter(edition: Edition, span: Span) -> Section:
    """The quarter to date, as the top of the tree sees it."""
    asked: dict[str, Any] = {"period_type": "quarter", "start": span.quarter_first}
    frame = (
        performance.team(edition.db, node=edition.node, **asked)[_QUARTER_FIGURES]
        if edition.node
        else pd.DataFrame()
    )
    empty = "There are no figures of this quarter yet." if edition.node else _NO_TOP
    return Section(
        "The quarter so far" if span.quarter_last > span.as_of else "The quarter",
        frame,
        TEAM,
        empty,
        f"From {edition.formats.date(span.quarter_first)} to"
        f" {edition.formats.date(span.quarter_last)}, as of {edition.formats.date(span.as_of)}.",
        form="tiles",
    )


def ahead(edition: Edition, grain: Literal["month", "quarter"]) -> Section:
    """The company's forecast with its range, and what it stands beside."""
    columns = [
        "period_start_date", "won_amount", "mean_amount", "p10_amount", "p50_amount", "p90_amount",
        "quota_amount", "gap_amount", "needed_pipeline_amount", "commit_amount",
        "best_case_amount", "submitted_amount", "naive_amount",
    ]  # fmt: skip
    found = forecast.periods(edition.db, "company", "company", grain)[columns]
    run = forecast.run(edition.db)
    note = "" if run.empty else str(run.iloc[0]["note"] or "")
    return Section(
        f"Forecast by {grain}",
        edition.named(found, grain),
        FORECAST,
        note or "No forecast is published yet.",
        note if grain == "quarter" else "",
        chart=Ranges(
            f"Forecast of each {grain} with the range that it stays in with a chance of 80 %,"
            " beside quota, commit and the naive forecast",
            "period",
            ("mean_amount", "quota_amount", "commit_amount", "naive_amount"),
        ),
    )


def teams(edition: Edition, span: Span) -> Section:
    """The quarter of each large team."""
    return Section(
        "Teams in the quarter",
        review.teams(edition.db, "quarter", span.quarter_first, edition.node),
        TEAM,
        "No team has figures of this quarter.",
        "Each with everybody below.",
        chart=Bars(
            "Bookings and quota of each team", "user_name", "bookings_amount", "quota_amount"
        ),
    )


def reps(edition: Edition, span: Span) -> Section:
    """The quarter of each representative."""
    found = performance.reps(edition.db, "quarter", span.quarter_first, None)
    has_figures = found["quota_amount"].notna() | (
        found[["bookings_amount", "won_count", "lost_count", "open_pipeline_amount"]] != 0
    ).any(axis=1)
    frame = found.loc[has_figures].reset_index(drop=True)
    frame["note"] = [_fair(rep) for _, rep in frame.iterrows()]
    columns = [
        "user_name", "bookings_amount", "quota_amount", "attainment_rate", "bookings_rank",
        "attainment_rank", "won_count", "lost_count", "win_rate", "open_pipeline_amount",
        "coverage_ratio_remaining", "slip_rate", "ramped_attainment_rate", "note", "user_key",
    ]  # fmt: skip
    return Section(
        "Representatives in the quarter",
        frame[columns],
        REPS,
        "Nobody has figures of this quarter.",
        "Ranks are among everybody with figures of the quarter; a note says where a rank is not"
        " the whole story."
        + (f" The chart shows the {Bars.most} who booked most." if len(frame) > Bars.most else ""),
        chart=Bars(
            "Bookings and quota of each representative",
            "user_name",
            "bookings_amount",
            "quota_amount",
        ),
    )


def _fair(rep: pd.Series[Any]) -> str:
    """What a reader of a representative's rank should know."""
    if pd.isna(rep["quota_amount"]):
        return "no quota"
    is_ramping = pd.notna(rep["ramped_quota_amount"]) and (
        rep["ramped_quota_amount"] < rep["quota_amount"]
    )
    if is_ramping and pd.notna(rep["tenure_months"]):
        return f"ramping, {int(rep['tenure_months'])} months since the hire"
    return "few closed deals" if rep["won_count"] + rep["lost_count"] < 3 else ""


def from_spend_to_revenue(edition: Edition, first: dt.date, last: dt.date) -> list[Section]:
    """Marketing in a span of months, as a whole and by channel."""
    columns = [
        "spend_amount", "lead_count", "mql_count", "sql_count", "opportunity_count",
        "pipeline_amount", "won_count", "won_amount", "attributed_won_amount_linear", "cac",
        "roas_linear",
    ]  # fmt: skip
    months = f"{edition.formats.date(first)} to {edition.formats.date(last)}, or to the as-of date."
    return [
        Section(
            "Marketing: from spend to won revenue",
            marketing.whole(edition.db, first, last)[columns],
            MARKETING,
            "Nothing came of marketing in this month, and nothing was spent.",
            months,
            form="tiles",
        ),
        Section(
            "Channels",
            marketing.channels(edition.db, first, last)[["channel", *columns]],
            MARKETING,
            "No channel has figures of this month.",
            months,
        ),
    ]


def trust(edition: Edition) -> list[Section]:
    """How far the figures can be trusted."""
    freshness = quality.freshness(edition.db)
    is_stale = (freshness["behind_days"].fillna(1) > 0) | (freshness["rejected_count"] > 0)
    return [
        Section(
            "Data quality",
            quality.totals(edition.db),
            ("check_result", "quarantined_row", "load_ledger", "schema_change"),
            "",
            "Checks and refused rows of the published version.",
            form="tiles",
        ),
        Section(
            "Money in question",
            quality.affected(edition.db).head(MOST),
            ("data_quality_summary",),
            "Nothing: every check holds for every row.",
            f"The {MOST} findings with most money; several may be about the same rows.",
        ),
        Section(
            "Stale sources",
            freshness.loc[
                is_stale, ["object", "extract_date", "behind_days", "rejected_count", "error"]
            ].reset_index(drop=True),
            ("load_ledger",),
            "None: the newest extract of every object is of the same day.",
            "Extracts behind the newest of all, and files that were refused.",
        ),
    ]
