"""The sections on the pipeline and its deals that weekly report and monthly review share."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pandas as pd

from orchestration.formats import label
from orchestration.queries import funnel, pipeline, review
from orchestration.report.contents import Bars, Section, Waterfall
from orchestration.report.edition import Edition, Span

DAILY = ("mart_pipeline_daily",)
WATERFALL = ("mart_pipeline_waterfall", "mart_pipeline_waterfall_opportunity")
DEALS = ("fct_opportunity", "dim_account")
MOST = 10
"""Deals in a list of the largest."""


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
