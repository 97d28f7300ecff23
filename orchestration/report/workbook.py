"""XLSX files: a sheet for each section, with number formats, frozen heads and native charts.

No cell holds a formula. The same contents give the same bytes: the time of creation is the as-of
date.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.formats import NOTHING, kind_of, label
from orchestration.report.contents import Part, Report, Section
from orchestration.report.edition import Edition
from orchestration.report.native_charts import drawn_columns, insert_chart
from orchestration.report.page import definitions, nothing_to_tell
from orchestration.spreadsheet import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEAD_ROW = 3
"""Row of the headings, from 0: a title, a note and an empty row stand above."""
_LONGEST_SHEET_NAME = 31
_WIDEST, _NARROWEST = 46, 9
_SUMMARY = (34, 16, 16, 90)
_DEFINITIONS = (30, 52, 110)
"""Widths of columns, in characters."""
_LINE = 15
"""Height of a line, in points."""
_SHEET_NAME_TAKEN = "history"


def report_workbook(report: Report, edition: Edition) -> bytes:
    """A report as a workbook: of one part, a sheet for each section; of several, one for each."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        made_on = report.as_of or dt.date(2000, 1, 1)
        workbook.set_properties(
            {
                "title": harmless(report.title),
                "comments": edition.version,
                "created": dt.datetime(made_on.year, made_on.month, made_on.day, tzinfo=dt.UTC),
            }
        )
        _Writer(workbook, report, edition).write()
    return file.getvalue()


class _Writer:
    """A workbook while it is written."""

    def __init__(self, workbook: Workbook, report: Report, edition: Edition) -> None:
        self._workbook = workbook
        self._report = report
        self._edition = edition
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._names: set[str] = {_SHEET_NAME_TAKEN}

    def write(self) -> None:
        """Write every sheet."""
        for part in self._report.parts:
            if part.title:
                self._part(part)
            else:
                self._summary(part)
                for section in part.sections:
                    if section.form == "table":
                        self._section(section)
        if self._report.parts:
            self._definitions()
        else:
            self._sheet("Summary", self._report.title, nothing_to_tell(self._report), _SUMMARY)

    def _look(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    def _sheet(self, name: str, title: str, note: str, widths: Sequence[int]) -> Worksheet:
        """A sheet with its title, its note below over all columns, and columns of such widths."""
        sheet = self._workbook.add_worksheet(self._free(name))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._report.title}&R&P / &N")
        sheet.write_string(0, 0, harmless(title), self._look(bold=True, font_size=14))
        soft = self._look(font_color="#5B6873", text_wrap=True)
        if len(widths) > 1:
            sheet.merge_range(1, 0, 1, len(widths) - 1, "", soft)
        sheet.write_string(1, 0, harmless(note), soft)
        sheet.set_row(1, _LINE * _lines(note, max(sum(widths), _SUMMARY[0])))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        return sheet

    def _free(self, name: str) -> str:
        """A name that no other sheet has, without what a sheet's name may not hold."""
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '") or "Sheet"
        candidate, number = plain[:_LONGEST_SHEET_NAME].strip(" '"), 1
        while candidate.lower() in self._names:
            number += 1
            ending = f" {number}"
            candidate = plain[: _LONGEST_SHEET_NAME - len(ending)].strip(" '") + ending
        self._names.add(candidate.lower())
        return candidate

    def _summary(self, part: Part) -> None:
        """What the report is about, and its large figures."""
        sheet = self._sheet("Summary", self._report.title, self._about, _SUMMARY)
        row = HEAD_ROW
        for section in part.sections:
            if section.form == "tiles":
                row = self._tiles(sheet, row, section) + 1

    @property
    def _about(self) -> str:
        as_of = self._edition.formats.date(self._report.as_of) if self._report.as_of else NOTHING
        return f"{self._report.about}, as of {as_of}; {self._edition.version}"

    def _tiles(self, sheet: Worksheet, row: int, section: Section) -> int:
        """Large figures below each other, each with what it means; returns the next row."""
        head = self._look(bold=True, bottom=1, text_wrap=True)
        right = self._look(bold=True, bottom=1, align="right")
        sheet.write_string(row, 0, section.title, head)
        sheet.write_string(row, 1, "Figure", right)
        sheet.write_string(row, 2, "Change" if section.before is not None else "", right)
        sheet.write_string(row, 3, section.note or "Definition", head)
        if section.frame.empty:
            sheet.write_string(row + 1, 0, section.empty)
            return row + 2
        for column in section.columns:
            row += 1
            sheet.write_string(row, 0, label(column), self._look())
            self._value(sheet, row, 1, column, section.frame.iloc[0][column], bold=True)
            if section.before is not None:
                change = section.frame.iloc[0][column] - section.before.iloc[0][column]
                self._value(sheet, row, 2, column, change)
            meaning = self._edition.meaning(column, section.of)
            sheet.write_string(row, 3, harmless(meaning), self._look(text_wrap=True, indent=1))
            sheet.set_row(row, _LINE * _lines(meaning, _SUMMARY[3]))
        return row + 1

    def _section(self, section: Section) -> None:
        """A section on a sheet of its own: head frozen, rows that can be filtered, a chart."""
        widths = self._widths([section])
        sheet = self._sheet(section.title, section.title, section.note, widths)
        if section.frame.empty:
            sheet.write_string(HEAD_ROW, 0, section.empty)
            return
        last = self._table(sheet, HEAD_ROW, section, widths)
        sheet.freeze_panes(HEAD_ROW + 1, 1)
        sheet.repeat_rows(HEAD_ROW)
        sheet.autofilter(HEAD_ROW, 0, last, len(section.columns) - 1)
        if section.chart:
            insert_chart(self._workbook, sheet, section, self._edition.formats, HEAD_ROW)

    def _part(self, part: Part) -> None:
        """A part on one sheet, its sections below each other; the first one's figures lead."""
        widths = self._widths(section for section in part.sections if section.form == "table")
        sheet = self._sheet(part.title, part.title, self._about, widths)
        row = HEAD_ROW
        for section in part.sections:
            title = self._look(bold=True, font_size=12)
            sheet.write_string(row, 0, harmless(section.title), title)
            if section.frame.empty:
                sheet.write_string(row + 1, 0, section.empty)
                row += 3
                continue
            if section.form == "tiles":
                row = self._wide_tiles(sheet, row + 1, section) + 2
                sheet.freeze_panes(row - 1, 1)
                continue
            row = self._table(sheet, row + 1, section, widths) + 3
        if part.note_lines:
            sheet.write_string(row, 0, "Notes of the call", self._look(bold=True, font_size=12))
            for line in range(row + 1, row + 1 + part.note_lines):
                sheet.set_row(line, 22)
                for column in range(8):
                    sheet.write_blank(line, column, None, self._look(bottom=1))

    def _wide_tiles(self, sheet: Worksheet, row: int, section: Section) -> int:
        """Large figures side by side; returns the row of the figures."""
        for place, column in enumerate(section.columns):
            sheet.write_string(row, place, label(column), self._heading(column))
            value = section.frame.iloc[0][column]
            self._value(sheet, row + 1, place, column, value, bold=True, font_size=13)
        return row + 1

    def _table(self, sheet: Worksheet, row: int, section: Section, widths: Sequence[int]) -> int:
        """Headings and rows; returns the last row."""
        for place, column in enumerate(section.columns):
            sheet.write_string(row, place, label(column), self._heading(column))
            if meaning := self._edition.meaning(column, section.of):
                note = {"x_scale": 2.2, "font_size": 9, "author": ""}
                sheet.write_comment(row, place, harmless(meaning), note)
        for place, blank in enumerate(section.blanks, len(section.columns)):
            sheet.write_string(row, place, blank, self._heading("text"))
        drawn = drawn_columns(section)
        for number, values in enumerate(
            section.frame[section.columns].itertuples(index=False), row + 1
        ):
            lines = 1
            for place, (column, value) in enumerate(zip(section.columns, values, strict=True)):
                if not (column in drawn and pd.isna(value)):
                    self._value(sheet, number, place, column, value, bottom=4)
                if kind_of(column) == "text":
                    lines = max(lines, _lines(str(value), widths[place]))
            for place in range(len(section.columns), len(section.columns) + len(section.blanks)):
                sheet.write_blank(number, place, None, self._look(border=1, bg_color="#FFF8E5"))
            sheet.set_row(number, _LINE * lines)
        return row + len(section.frame)

    def _heading(self, column: str) -> Format:
        look = {"bold": True, "text_wrap": True, "bottom": 2, "bg_color": "#EEF3F7"}
        is_text = kind_of(column) in ("text", "date", "moment")
        side = {"align": "left", "indent": 1} if is_text else {"align": "right"}
        return self._look(**look, **side, valign="bottom")

    def _value(
        self, sheet: Worksheet, row: int, place: int, column: str, value: Any, **look: object
    ) -> None:
        kind = kind_of(column)
        is_text = kind in ("text", "date", "moment")
        side = {"align": "left", "indent": 1} if is_text else {"align": "right"}
        if pd.isna(value):
            sheet.write_string(row, place, NOTHING, self._look(**side, **look))
            return
        style = self._look(num_format=self._edition.formats.in_cell(column), **side, **look)
        match kind:
            case "text":
                wrapped = self._look(num_format="@", text_wrap=True, **side, **look)
                sheet.write_string(row, place, harmless(str(value)), wrapped)
            case "date" | "moment":
                moment = pd.Timestamp(value).to_pydatetime().replace(tzinfo=None)
                sheet.write_datetime(row, place, moment, style)
            case _:
                sheet.write_number(row, place, float(value), style)

    def _widths(self, sections: Iterable[Section]) -> list[int]:
        """Columns as wide as what stands in them, within reason."""
        widest: dict[int, int] = {}
        for section in sections:
            for place, column in enumerate(section.columns):
                write = self._edition.formats.write
                longest = max((len(write(column, of)) for of in section.frame[column]), default=0)
                words = max(map(len, label(column).split()))
                widest[place] = max(widest.get(place, 0), longest, words + 2)
            for place in range(len(section.columns), len(section.columns) + len(section.blanks)):
                widest[place] = max(widest.get(place, 0), 18)
        return [min(max(widest[place] + 2, _NARROWEST), _WIDEST) for place in sorted(widest)]

    def _definitions(self) -> None:
        """What every column shown holds, in the words of the published database."""
        note = "In the words of the published database."
        sheet = self._sheet("Definitions", "Definitions", note, _DEFINITIONS)
        for place, heading in enumerate(("Figure", "Published as", "Meaning")):
            sheet.write_string(HEAD_ROW, place, heading, self._heading("text"))
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        for row, definition in enumerate(definitions(self._report, self._edition), HEAD_ROW + 1):
            texts = (definition.label, definition.place, definition.meaning)
            for place, text in enumerate(texts):
                look = self._look(text_wrap=True, indent=1)
                sheet.write_string(row, place, harmless(text), look)
            sheet.set_row(row, _LINE * _lines(definition.meaning, _DEFINITIONS[2]))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in columns of so many characters; spreadsheets do not tell."""
    return sum(max(1, -(-len(line) // max(width - 2, 1))) for line in text.split("\n"))
