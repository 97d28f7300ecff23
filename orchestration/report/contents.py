"""What a report consists of, whatever file it becomes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pandas as pd


@dataclass(frozen=True)
class Waterfall:
    """Steps from one level to another, of a frame with `step`, `amount` and `way_key` of each step.

    `way_key` is 'level', 'in' or 'out'; amounts are never below zero.
    """

    says: str


@dataclass(frozen=True)
class Bars:
    """A bar for each row and, where there is one, a mark for what it is measured against.

    Attributes:
        says: What the chart shows, for those who cannot see it.
        category: Column of the names.
        value: Column of the bars.
        target: Column of the marks.
        is_upright: Whether bars stand side by side, as for periods, or lie below each other.
        most: Only so many of the first rows are drawn.
    """

    says: str
    category: str
    value: str
    target: str | None = None
    is_upright: bool = False
    most: int = 25


@dataclass(frozen=True)
class Ranges:
    """A range for each row from `p10_amount` to `p90_amount`, and marks for single amounts.

    Attributes:
        says: What the chart shows, for those who cannot see it.
        category: Column of the names.
        marks: Columns of the marks, the first one being what the range is about.
    """

    says: str
    category: str
    marks: tuple[str, ...]


Chart: TypeAlias = Waterfall | Bars | Ranges


@dataclass(frozen=True)
class Section:
    """Figures with what they mean.

    Attributes:
        title: Its heading.
        frame: The figures, columns named as in the marts; keys and orders are not shown.
        of: The published tables that they come from, which say what they mean.
        empty: A sentence that says what is missing when there are none.
        note: What the reader should know.
        form: A table, or large figures of the frame's only row.
        before: The same figures earlier, for the change that large figures show.
        chart: How the frame is drawn beside its table.
        blanks: Headings of empty columns to write into.
    """

    title: str
    frame: pd.DataFrame
    of: tuple[str, ...]
    empty: str
    note: str = ""
    form: Literal["table", "tiles"] = "table"
    before: pd.DataFrame | None = None
    chart: Chart | None = None
    blanks: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns that are shown."""
        return [name for name in self.frame.columns if not name.endswith(("_key", "_order"))]


@dataclass(frozen=True)
class Part:
    """What stands on a page, or a sheet, of its own.

    Attributes:
        title: Its heading; of a report that has one part only, nothing.
        sections: What it consists of.
        note_lines: How many empty lines to write on follow it.
    """

    title: str
    sections: tuple[Section, ...]
    note_lines: int = 0


@dataclass(frozen=True)
class Report:
    """What one reads at once.

    Attributes:
        kind: Names its files.
        title: Its heading.
        about: What it is about, in a line: the period, the quarter.
        as_of: The day that its figures are as of; None where no extract was loaded.
        parts: What it consists of; none where no extract was loaded.
    """

    kind: str
    title: str
    about: str
    as_of: dt.date | None
    parts: tuple[Part, ...] = field(default=())
