"""A report as an HTML file: figures written, headings with their meanings, charts drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orchestration.formats import kind_of, label
from orchestration.report.contents import Report, Section
from orchestration.report.edition import Edition
from orchestration.report.html import Heading, Table, render
from orchestration.report.pictures import Picture, picture

_LOOKS = {"text": "text", "date": "day", "moment": "day"}


@dataclass(frozen=True)
class Tile:
    """A large figure, with the change since the period began."""

    heading: Heading
    value: str
    change: str = ""


@dataclass(frozen=True)
class Shown:
    """A section as text."""

    section: Section
    table: Table | None = None
    tiles: tuple[Tile, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Definition:
    """What a column of a published table holds."""

    entry: str
    label: str
    place: str
    meaning: str


def nothing_to_tell(report: Report) -> str:
    """Why a report has no parts."""
    if report.as_of is None:
        return "There is nothing to report: no extract was loaded yet."
    return "There is no team: no user has a manager."


def report_page(report: Report, edition: Edition) -> str:
    """A report as one HTML file."""
    parts = [
        (part, [_shown(section, edition) for section in part.sections]) for part in report.parts
    ]
    return render(
        "report.html.j2",
        report=report,
        parts=parts,
        nothing=nothing_to_tell(report),
        as_of=edition.formats.date(report.as_of) if report.as_of else "",
        version=edition.version,
        definitions=definitions(report, edition),
    )


def definitions(report: Report, edition: Edition) -> list[Definition]:
    """What the columns that a report shows hold, each once, in the words of the database."""
    found = {
        (column, table): Definition(
            _entry(column, table), label(column), f"{table}.{column}", edition.meaning(column, of)
        )
        for section in (section for part in report.parts for section in part.sections)
        if not section.frame.empty
        for of in [section.of]
        for column in section.columns
        if (table := edition.source(column, of))
    }
    return sorted(found.values(), key=lambda definition: (definition.label, definition.place))


def _shown(section: Section, edition: Edition) -> Shown:
    if section.frame.empty:
        return Shown(section)
    headings = tuple(_heading(column, section, edition) for column in section.columns)
    rows = tuple(
        tuple(
            edition.formats.write(column, value) for column, value in zip(columns, row, strict=True)
        )
        for columns in [section.columns]
        for row in section.frame[columns].itertuples(index=False)
    )
    if section.form == "tiles":
        return Shown(
            section,
            tiles=tuple(
                Tile(heading, value, _change(column, section, edition))
                for heading, value, column in zip(headings, rows[0], section.columns, strict=True)
            ),
        )
    return Shown(
        section,
        Table(headings, rows, section.blanks),
        picture=picture(section.chart, section.frame, edition.formats) if section.chart else None,
    )


def _heading(column: str, section: Section, edition: Edition) -> Heading:
    table = edition.source(column, section.of)
    return Heading(
        label(column),
        edition.meaning(column, section.of),
        _entry(column, table) if table else "",
        _LOOKS.get(kind_of(column), "number"),
    )


def _entry(column: str, table: str) -> str:
    return f"{table}.{column}"


def _change(column: str, section: Section, edition: Edition) -> str:
    if section.before is None:
        return ""
    change = section.frame.iloc[0][column] - section.before.iloc[0][column]
    if pd.isna(change) or change == 0:
        return ""
    return ("+" if change > 0 else "") + edition.formats.write(column, change)
