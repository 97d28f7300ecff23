"""CSV text is opened: its form and header are found by Python, its total lines put aside."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest.csv_records import CsvRecords, allow_large_fields, noted
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText
from orchestration.ingest.headers import HEADER_SEARCH_LINES, Row, format_found, total_test
from orchestration.ingest.layout import UnfitHeaderError, match_header

_NO_RECORDS = "records not found for this query"  # what the Bulk API answers instead of a header


def says_no_records(plain: PlainText) -> bool:
    """Whether the file is the vendor's one-line answer that there was nothing to extract."""
    if plain.lines > 2 or plain.path.stat().st_size > 200:
        return False
    content = plain.path.read_text(encoding="utf-8-sig").strip().strip('"')
    return content.lower() == _NO_RECORDS


def open_csv(
    plain: PlainText, file_format: FileFormat, contract: Contract, scratch: Path
) -> CsvRecords:
    """Find out the form, read the header and match it with the contract.

    Args:
        plain: the text.
        file_format: how it is written, and in which forms it may come.
        contract: what it must look like.
        scratch: a folder for the text without its total lines, if it has any.

    Raises:
        RejectedFileError: the header does not fit; the message says what it lacks.
    """
    file_format = format_found(lambda variant: _first_rows(plain, variant), file_format)
    header, header_lines = _header(plain, file_format)
    try:
        layout = match_header(header, contract, file_format.ignored_columns)
    except UnfitHeaderError as error:
        place = _header_below(plain, file_format, contract, header_lines)
        hint = ""
        if place is not None:
            hint = (
                f". Line {place} looks like the header: declare what is above it in"
                f" _profile.yaml, 'preamble_lines: {place - 1}'"
            )
        raise RejectedFileError(f"{error}{hint}", line=header_lines) from error
    delimiter = file_format.delimiter
    totals: tuple[int, ...] = ()
    if is_total := total_test(layout, file_format, contract):
        plain, totals = _without_totals(plain, delimiter, header_lines, is_total, scratch)
    return CsvRecords(plain, delimiter, layout, file_format, header_lines, totals)


def _first_rows(plain: PlainText, file_format: FileFormat) -> Iterator[Row]:
    """The first lines, each taken for a record: a header has no line ends in it."""
    with plain.path.open(encoding="utf-8-sig", newline="\n") as text:
        count = file_format.preamble_lines + HEADER_SEARCH_LINES
        for number, line in enumerate(islice(text, count), 1):
            with suppress(csv.Error):
                yield number, next(csv.reader([line], delimiter=file_format.delimiter), [])


def _without_totals(
    plain: PlainText,
    delimiter: str,
    header_lines: int,
    is_total: Callable[[Sequence[str]], bool],
    scratch: Path,
) -> tuple[PlainText, tuple[int, ...]]:
    """The text with blank lines in place of totals, so that lines keep their numbers."""
    allow_large_fields()
    totals: list[int] = []
    taken: list[str] = []
    target = scratch / "without_totals"
    with (
        plain.path.open(encoding="utf-8-sig", newline="\n") as source,
        target.open("w", encoding="utf-8", newline="") as text,
    ):
        text.writelines(islice(source, header_lines))
        line = header_lines + 1
        try:
            for record in csv.reader(noted(source, taken), delimiter=delimiter):
                if is_total(record):
                    totals.append(line)
                    taken[:] = ["\r\n" if old.endswith("\r\n") else "\n" for old in taken]
                text.writelines(taken)
                line += len(taken)
                taken.clear()
        except csv.Error as error:
            raise RejectedFileError(f"cannot be read as CSV: {error}", line=line) from error
    return (replace(plain, path=target), tuple(totals)) if totals else (plain, ())


def _header(plain: PlainText, file_format: FileFormat) -> tuple[list[str], int]:
    skipped = file_format.preamble_lines
    with plain.path.open(encoding="utf-8-sig", newline="\n") as text:
        lines = islice(text, skipped, None)
        reader = csv.reader(lines, delimiter=file_format.delimiter)
        try:
            for record in reader:
                if any(cell.strip() for cell in record):
                    return record, skipped + reader.line_num
        except csv.Error as error:
            raise RejectedFileError(f"the header cannot be read: {error}") from error
    raise RejectedFileError("is empty: there is no header line")


def _header_below(
    plain: PlainText, file_format: FileFormat, contract: Contract, after: int
) -> int | None:
    """The line of a fitting header after title lines, if there is one."""
    for number, fields in _first_rows(plain, file_format):
        with suppress(RejectedFileError):
            if number > after:
                match_header(fields, contract)
                return number
    return None
