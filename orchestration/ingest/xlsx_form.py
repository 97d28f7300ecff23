"""XLSX: the sheet that fits the contract, read by way of a CSV scratch file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest.csv_records import CsvRecords
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText
from orchestration.ingest.headers import HEADER_SEARCH_LINES, format_found, told_totals, total_test
from orchestration.ingest.layout import UnfitHeaderError, match_header
from orchestration.ingest.records import Places, record_of, shifts_at
from orchestration.ingest.workbook import DAMAGE, Sheet, visible_sheets


@dataclass(frozen=True)
class SheetRecords(CsvRecords):
    """The table of a sheet, as CSV; the line of a record is the sheet's row."""

    rows: tuple[int, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is taken for missing columns, and totals: a workbook that opens is complete."""
        return (*self.layout.notes, *told_totals(self.totals))

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:  # noqa: ARG002
        """As the sheet numbers its rows."""
        return Places(shifts_at(self.rows))

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:  # noqa: ARG002
        """The cells of the rows as CSV."""
        wanted = set(lines)
        with self.plain.path.open(encoding="utf-8", newline="") as file:
            for row, cells in zip(self.rows, csv.reader(file), strict=True):
                if row in wanted:
                    yield record_of(cells)


def open_xlsx(
    path: Path, file_format: FileFormat, contract: Contract, scratch: Path
) -> SheetRecords:
    """Find the first visible sheet that has the contract's columns.

    Raises:
        RejectedFileError: there is none, or the file is no workbook.
    """
    problem: RejectedFileError | None = None
    try:
        for sheet in visible_sheets(path):
            try:
                return _open_sheet(sheet, file_format, contract, scratch / "sheet.csv")
            except UnfitHeaderError as error:
                problem = problem or RejectedFileError(f"sheet '{sheet.name}': {error}")
    except DAMAGE as error:
        raise RejectedFileError(
            f"is no XLSX workbook, or a damaged (truncated) one: {error}"
        ) from error
    raise problem or RejectedFileError("is a workbook without a visible sheet")


def _open_sheet(
    sheet: Sheet, file_format: FileFormat, contract: Contract, target: Path
) -> SheetRecords:
    """Write the table of a sheet as CSV; what lies beside it goes into a column without a name."""
    first = list(islice(sheet.rows, file_format.preamble_lines + HEADER_SEARCH_LINES))
    file_format = format_found(lambda _: first, file_format)
    rows = chain(first, sheet.rows)
    table = (row for row in rows if row[0] > file_format.preamble_lines)
    header = next(table, (0, [""]))[1]
    width = len(header)
    layout = match_header([*header, ""], contract, file_format.ignored_columns)
    is_total = total_test(layout, file_format, contract)
    numbers: list[int] = []
    totals: list[int] = []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, cells in table:
            beside = " ".join(cell for cell in cells[width:] if cell.strip())
            record = [*cells[:width], *[""] * (width - len(cells)), beside]
            if is_total and is_total(record):
                totals.append(number)
                continue
            writer.writerow(record)
            numbers.append(number)
    plain = PlainText(
        target,
        lines=len(numbers),
        is_ascii=False,
        has_control_characters=True,
        ends_with_line_end=True,
    )
    return SheetRecords(
        plain,
        ",",
        layout,
        file_format,
        header_lines=0,
        totals=tuple(totals),
        rows=tuple(numbers),
    )
