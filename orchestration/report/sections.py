"""The sections that the weekly report and the monthly review have in common."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pandas as pd

from orchestration.formats import label
from orchestration.queries import (
    forecast,
    funnel,
    marketing,
    performance,
    pipeline,
    quality,
    review,
)
from orchestration.report.contents import Bars, Ranges, Section, Waterfall
from orchestration.report.edition import Edition, Span

DAILY = ("mart_pipeline_daily",)
WATERFALL = ("mart_pipeline_waterfall", "mart_pipeline_waterfall_opportunity")
TEAM = ("mart_team_performance",)
REPS = ("mart_rep_performance",)
DEALS = ("fct_opportunity", "dim_account")
FORECAST = ("mart_forecast_summary",)
MARKETING = ("mart_channel_performance",)
MOST = 10
"""Deals in a list of the largest."""

_NO_TOP = (
    "There are no figures of the company as a team: its users have several tops, or none; the teams"
    " stand below."
)
_QUARTER_FIGURES = [
    "bookings_amount", "quota_amount", "attainment_rate", "win_rate", "average_deal_amount",
    "pipeline_generated_amount", "coverage_ratio_full", "coverage_ratio_remaining", "slip_rate",
]  # fmt: skip


def open_pipeline(edition: Edition, span: Span) -> Section:
    """What was open at the end of the period, against its start."""
    days = [span.first - dt.timedelta(days=1), span.last]
    states = pipeline.open_pipeline(edition.db, days, None)
    figures = ["open_amount", "weighted_amount", "open_count"]
    return Section(
        "Open pipeline",
        states.tail(1)[figures].reset_index(drop=True),
        DAILY,
        "",
        f"At the end of {edition.formats.date(span.last)}; changes are those since"
        f" {edition.formats.date(span.first)} began.",
        form="tiles",
        before=states.head(1)[figures].reset_index(drop=True),
    )


def booked(edition: Edition, span: Span, kind: Literal["week", "month"]) -> Section:
    """What was booked in the period."""
    return Section(
        f"Booked in the {kind}",
        review.booked(edition.db, kind, span.first),
        WATERFALL,
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


def waterfall(
    edition: Edition, kind: Literal["week", "month", "quarter"], first: dt.date
) -> Section:
    """What became of what was expected to close in a period."""
    row = pipeline.waterfall(edition.db, kind, first, None).iloc[0]
    ways = dict.fromkeys(pipeline.ENTRIES, "in") | dict.fromkeys(pipeline.EXITS, "out")
    parts = ["start", *pipeline.ENTRIES, *pipeline.EXITS, "end"]
    frame = pd.DataFrame(
        {
            "step": [label(part) for part in parts],
            "amount": [float(row[f"{part}_amount"]) for part in parts],
            "meaning": [edition.meaning(f"{part}_amount", WATERFALL) for part in parts],
            "way_key": [ways.get(part, "level") for part in parts],
        }
    )
    frame = frame[(frame["amount"] != 0) | (frame["way_key"] == "level")].reset_index(drop=True)
    return Section(
        f"The {kind}'s waterfall",
        frame if frame["amount"].any() else frame.head(0),
        WATERFALL,
        f"No opportunity was expected to close in this {kind}.",
        f"Of what was expected to close within the {kind}: from its opening to its closing, or to"
        " the as-of date.",
        chart=Waterfall(f"The {kind}'s pipeline from its opening to its closing, step by step"),
    )


def movers(edition: Edition, kind: Literal["week", "month", "quarter"], first: dt.date) -> Section:
    """The deals that moved most money in a period's pipeline."""
    columns = [
        "opportunity_name", "owner_name", "entry", "exit", "start_amount", "came_in_amount",
        "repriced_amount", "won_amount", "lost_amount", "pushed_out_amount", "end_amount",
        "opportunity_key",
    ]  # fmt: skip
    frame = pipeline.moved_deals(edition.db, kind, first, None).head(MOST)[columns]
    for way in ("entry", "exit"):
        frame[way] = frame[way].map(label)
    return Section(
        f"Deals that moved the {kind}",
        frame,
        (*WATERFALL, *DEALS),
        f"No deal moved in this {kind}'s pipeline.",
        f"Why the {kind}'s pipeline is what it is: the {MOST} deals that moved most money.",
    )


def stages(edition: Edition, span: Span) -> Section:
    """What was open by stage at the end of the period."""
    frame = pipeline.by_stage(edition.db, span.last, None)
    keys = ["stage_order", "stage_name"]
    sums = ["open_count", "open_amount", "weighted_amount"]
    frame = frame.groupby(keys, dropna=False, sort=False)[sums].sum().reset_index()
    return Section(
        "Open by stage",
        frame,
        DAILY,
        "No opportunity was open.",
        chart=Bars("Open amount by stage", "stage_name", "open_amount"),
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
        note,
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
        " the whole story.",
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


def top_deals(edition: Edition, span: Span, kind: Literal["week", "month"]) -> list[Section]:
    """The largest deals won, lost, slipped and new in the period."""
    db, first, last = edition.db, span.first, span.last
    note = f"The {MOST} largest."
    return [
        Section(
            "Deals won",
            review.closed_deals(db, True, first, last, MOST),
            DEALS,
            f"Nothing was won in this {kind}.",
            note,
        ),
        Section(
            "Deals lost",
            review.closed_deals(db, False, first, last, MOST),
            DEALS,
            f"Nothing was lost in this {kind}.",
            note,
        ),
        Section(
            "Deals slipped",
            review.slipped_deals(db, kind, first, MOST),
            (*WATERFALL, *DEALS),
            f"Nothing was pushed out of this {kind}.",
            f"{note} They were expected to close in the {kind}, and are expected later now.",
        ),
        Section(
            "New deals",
            review.new_deals(db, first, last, MOST),
            DEALS,
            f"No deal was created in this {kind}.",
            note,
        ),
    ]


def bottlenecks(edition: Edition) -> list[Section]:
    """Where deals stand still, and the largest that do."""
    stuck = funnel.endangered_deals(edition.db, owners=None, only_stuck=True).head(MOST)
    columns = [
        "opportunity_name", "owner_name", "stage_name", "amount", "days_in_stage",
        "stage_won_days_p75", "silent_days", "push_count", "signal_count", "opportunity_key",
    ]  # fmt: skip
    return [
        Section(
            "Where deals stand still",
            funnel.ageing(edition.db).drop(columns="pipeline_name"),
            ("mart_stage_ageing",),
            "No opportunity is open.",
            "Bars: the median days for which open deals have stood in the stage. Lines: the days"
            " within which three out of four won deals left it. As of the as-of date.",
            chart=Bars(
                "Days in each stage of open deals, against those of won ones",
                "stage_name",
                "open_days_median",
                "won_days_p75",
            ),
        ),
        Section(
            "Stuck deals",
            stuck[columns],
            ("mart_deal_health",),
            "No open deal is stuck.",
            f"The {MOST} largest, as of the as-of date.",
        ),
    ]


def conversion(edition: Edition, first: dt.date, last: dt.date) -> Section:
    """Who went on to the next stage, and to the end, of those that entered a stage."""
    found = funnel.conversion(edition.db, first, last)
    of_stage = found.groupby("from_stage")["to_stage_order"]
    is_next = found["to_stage_order"] == of_stage.transform("min")
    is_end = found["to_stage_order"] == of_stage.transform("max")
    return Section(
        "Conversion",
        found[is_next | is_end].reset_index(drop=True),
        ("mart_stage_conversion",),
        "No deal entered a stage.",
        f"Of deals that first entered a stage between {edition.formats.date(first)} and"
        f" {edition.formats.date(last)}: to the next stage, and to the end. The newest had little"
        " time to go on.",
    )


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
