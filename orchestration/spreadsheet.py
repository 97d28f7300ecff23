"""Files that people open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from typing import TextIO

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text as a spreadsheet takes for text: with an apostrophe, if it begins like a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def write_csv(
    file: TextIO,
    header: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    numbers: Collection[int] = (),
) -> None:
    """Write CSV in which no cell is taken for a formula; None is an empty cell.

    Args:
        file: where to; opened with ``newline=""`` if it is a file.
        header: names of the columns.
        rows: cells as text.
        numbers: positions of columns that hold numbers, whose signs are no formulas.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([harmless(name) for name in header])
    for row in rows:
        writer.writerow(
            [
                cell if cell is None or position in numbers else harmless(cell)
                for position, cell in enumerate(row)
            ]
        )
