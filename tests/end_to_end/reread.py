"""Reports read back: what stands on a page, and in a workbook."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from orchestration.ingest.workbook import visible_sheets


class Page(HTMLParser):
    """A page's sections: large figures and tables below each heading."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tiles: dict[str, dict[str, str]] = {}
        self.tables: dict[str, list[list[str]]] = {}
        self.words = ""
        self._text, self._heading, self._label = "", "", ""
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("h2", "h3", "th", "td", "dt", "dd"):
            self._text = ""
        if tag == "table":
            self.tables[self._heading] = []
        if tag == "tr":
            self.tables[self._heading].append([])

    def handle_data(self, data):
        self._text += data
        self.words += data

    def handle_endtag(self, tag):
        text = " ".join(self._text.split(" ")).strip()
        match tag:
            case "h2" | "h3":
                self._heading = text
            case "th" | "td":
                self.tables[self._heading][-1].append(text)
            case "dt":
                self._label = text
            case "dd":
                self.tiles.setdefault(self._heading, {}).setdefault(self._label, text)

    def column(self, section: str, name: str) -> list[str]:
        """The cells of a column of a table."""
        head, *rows = self.tables[section]
        return [row[head.index(name)] for row in rows]


class Book:
    """A workbook's sheets as rows of text, by name."""

    def __init__(self, file: Path) -> None:
        self.sheets = {
            sheet.name: [cells for _, cells in sheet.rows] for sheet in visible_sheets(file)
        }

    def column(self, sheet: str, name: str) -> list[str]:
        """The cells of a column of a sheet that holds one table."""
        rows = self.sheets[sheet]
        head = next(number for number, row in enumerate(rows) if name in row)
        place = rows[head].index(name)
        return [row[place] for row in rows[head + 1 :]]
