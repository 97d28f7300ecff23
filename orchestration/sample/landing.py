"""Extract files in the landing layout: RFC 4180, UTF-8, LF, the same bytes on every platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from orchestration.sample.defects import Defect, broken_copies
from orchestration.sample.layout import HEADERS, Kind

# Never part of a text: stands between the fields of a row until it is known that none needs quotes.
_SEPARATOR = "\x1f"


class ExtractFile:
    """One CSV file being written, row by row; planted bad rows follow the good row they copy."""

    def __init__(self, landing: Path, kind: Kind, day: dt.date, newest: bool) -> None:
        folder = landing / kind.source / kind.name / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        self.name = f"{kind.source}/{kind.name}/{day.isoformat()}/{kind.name}.csv"
        self._file = (landing / self.name).open(
            "w", encoding="utf-8", newline="", buffering=1 << 20
        )
        self._header = HEADERS[kind]
        self._planted = broken_copies(kind, newest)
        self.rows = 0
        self.defects: list[Defect] = []
        self._line = 1
        self._write(self._header)

    def add(self, cells: Sequence[str]) -> None:
        """Write a row, its cells in the order of the header."""
        self._write(cells)
        self.rows += 1
        for spoil in self._planted.pop(self.rows, ()):
            line = self._line
            self._write(spoil.apply(self._header, cells))
            self.defects.append(Defect(self.name, line, spoil.kind, spoil.column, spoil.outcome))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, cells: Sequence[str]) -> None:
        text = _SEPARATOR.join(cells)
        if '"' in text or "," in text or "\n" in text:
            text = ",".join(map(_quoted, cells))
            self._line += text.count("\n")
        else:
            text = text.replace(_SEPARATOR, ",")
        self._file.write(text + "\n")
        self._line += 1


def _quoted(cell: str) -> str:
    if '"' in cell or "," in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
