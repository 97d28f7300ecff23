"""The forecast-call sheets: for each team what its manager has to say, and to ask."""

from __future__ import annotations

import datetime as dt

from orchestration.queries import calls, company
from orchestration.report.contents import Part, Report, Section
from orchestration.report.edition import Edition

KIND = "forecast-call-sheets"
TITLE = "Forecast calls"
MOST = 25
"""Deals on a sheet."""
NOTE_LINES = 6
FORECAST = ("mart_forecast_summary",)
_NO_FORECAST = "No forecast of this quarter is published."


def call_sheets(edition: Edition) -> Report:
    """A sheet for each team, of the fiscal quarter of the day after the as-of date."""
    for found in company.next_quarter(edition.db).itertuples(index=False):
        as_of, first, last = (day.date() for day in found)
        teams = company.teams(edition.db)
        parts = [
            Part(name, _sheet(edition, key, first, last), NOTE_LINES)
            for key, name in zip(teams["user_key"], teams["user_name"].fillna("?"), strict=True)
        ]
        days = f"{edition.formats.date(first)} to {edition.formats.date(last)}"
        return Report(KIND, TITLE, f"The quarter from {days}", as_of, tuple(parts))
    return Report(KIND, TITLE, "", None)


def _sheet(edition: Edition, manager: str, first: dt.date, last: dt.date) -> tuple[Section, ...]:
    return (
        Section(
            "The team's quarter",
            calls.team(edition.db, manager, first),
            FORECAST,
            _NO_FORECAST,
            form="tiles",
        ),
        Section(
            "People",
            calls.people(edition.db, manager, first),
            (*FORECAST, "mart_rep_performance"),
            "Nobody has a forecast, or an open deal, in this quarter.",
            "Managers stand for everybody below them. The last columns are for what is said.",
            blanks=("Commit said", "Best case said"),
        ),
        Section(
            "Deals to talk about",
            calls.deals(edition.db, manager, last, MOST),
            ("mart_deal_health", "fct_opportunity_score"),
            "No open deal should close by the end of this quarter.",
            f"The {MOST} largest that should close by {edition.formats.date(last)}, past due ones"
            " among them, by owner.",
            blanks=("Next step",),
        ),
    )
