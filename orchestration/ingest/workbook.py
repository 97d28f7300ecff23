"""The visible sheets of an XLSX workbook as rows of text, read without running anything in it."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError, iterparse

from orchestration.ingest.archives import check_member

Row = tuple[int, list[str]]  # the number that the spreadsheet shows, and the cells from column A on

DAMAGE = (zipfile.BadZipFile, EOFError, KeyError, IndexError, ValueError, ParseError)
"""What reading a damaged workbook raises."""

_SIGNIFICANT_DIGITS = 15  # of a number in a spreadsheet; what is beyond is noise
_FIRST_SURE_DAY = 61  # before 1 March 1900 day numbers are ambiguous
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_A_DATE_PART = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True)
class Sheet:
    """One visible sheet."""

    name: str
    rows: Iterator[Row]  # without empty ones


def visible_sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook that people see, in their order.

    Dates are written as ``YYYY-MM-DD``, numbers as people see them, and of a formula the stored
    result.

    Raises:
        RejectedFileError: the workbook would unpack to a bomb.
        DAMAGE: the file is no workbook or is damaged; sheets are read as they are asked for.
    """
    with zipfile.ZipFile(path) as book:
        for entry in book.infolist():
            check_member(entry)
        yield from _sheets(book)


def _sheets(book: zipfile.ZipFile) -> Iterator[Sheet]:
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in _elements(book, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    is_1904 = any(
        item.get("date1904") in ("1", "true")
        for item in _elements(book, "xl/workbook.xml", "workbookPr")
    )
    cells = _Cells(book, dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30))  # noqa: DTZ001
    for item in _elements(book, "xl/workbook.xml", "sheet"):
        link = next(value for key, value in item.attrib.items() if key.endswith("}id"))
        if item.get("state", "visible") == "visible":
            target = str(PurePosixPath("xl") / targets[link].removeprefix("/xl/"))
            yield Sheet(item.get("name", ""), cells.rows(target))


def _elements(book: zipfile.ZipFile, member: str, tag: str) -> Iterator[Element]:
    """Elements of one kind, each with its content; what was read before is let go."""
    with book.open(member) as file:
        for _, element in iterparse(file):  # noqa: S314  (expat bounds what entities expand to)
            if element.tag.rpartition("}")[2] == tag:
                yield element
                element.clear()


class _Cells:
    """Turns cells into text, with what the workbook keeps beside its sheets."""

    def __init__(self, book: zipfile.ZipFile, first_day: dt.datetime) -> None:
        self._book, self._first_day = book, first_day
        names = set(book.namelist())
        self._texts: list[str] = []
        if "xl/sharedStrings.xml" in names:
            self._texts = [_text(e) for e in _elements(book, "xl/sharedStrings.xml", "si")]
        self._date_styles: frozenset[int] = frozenset()
        if "xl/styles.xml" in names:
            self._date_styles = _date_styles(book)

    def rows(self, member: str) -> Iterator[Row]:
        for place, row in enumerate(_elements(self._book, member, "row"), 1):
            cells: list[str] = []
            for cell in row:
                column = _column(cell.get("r"), len(cells))
                cells += [""] * (column - len(cells)) + [self._value(cell)]
            if any(value.strip() for value in cells):
                yield int(row.get("r", place)), cells

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        stored = next((part.text or "" for part in cell if part.tag.endswith("}v")), "")
        if not stored:
            return ""
        if kind == "s":
            return self._texts[int(stored)]
        if kind == "b":
            return "true" if stored == "1" else "false"
        if kind == "n":
            is_date = int(cell.get("s", "0")) in self._date_styles
            return self._date(float(stored)) if is_date else _number(stored)
        return stored

    def _date(self, days: float) -> str:
        if days < _FIRST_SURE_DAY:
            return _number(str(days))
        moment = self._first_day + dt.timedelta(seconds=round(days * 86400))
        return moment.date().isoformat() if days == int(days) else moment.isoformat()


def _column(reference: str | None, following: int) -> int:
    """Column of a reference such as 'AB12', from 0."""
    if not reference:
        return following
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _text(element: Element) -> str:
    """All text in an element, but for readings of Asian scripts."""
    return "".join(
        part.text or ""
        for run in element
        for part in run.iter()
        if part.tag.endswith("}t") and not run.tag.endswith("}rPh")
    )


def _number(stored: str) -> str:
    return stored if stored.lstrip("-").isdigit() else f"{float(stored):.{_SIGNIFICANT_DIGITS}g}"


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """Which cell styles show a number as a date."""
    own: Mapping[str, str] = {
        item.get("numFmtId", ""): item.get("formatCode", "")
        for item in _elements(book, "xl/styles.xml", "numFmt")
    }

    def is_date(format_id: str) -> bool:
        code = _NOT_A_DATE_PART.sub("", own.get(format_id, "")).lower()
        return int(format_id) in _DATE_FORMATS or bool(re.search("[ymdhs]", code))

    styles: frozenset[int] = frozenset()
    for formats in _elements(book, "xl/styles.xml", "cellXfs"):
        styles = frozenset(
            place for place, item in enumerate(formats) if is_date(item.get("numFmtId", "0"))
        )
    return styles
