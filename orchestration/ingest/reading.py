"""CSV text -> records: the header by Python, everything after it by DuckDB's strict reader."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText
from orchestration.ingest.layout import Layout, UnfitHeaderError, match_header

MAX_RECORD_BYTES = 8_000_000
MAX_REFUSED_RECORDS = 100_000
REFUSALS, REFUSAL_SCANS = "ingest_refusals", "ingest_refusal_scans"
_HEADER_SEARCH_LINES = 20
_NO_RECORDS = "records not found for this query"  # what the Bulk API answers instead of a header


@dataclass(frozen=True)
class CsvText:
    """A CSV file whose header is known."""

    plain: PlainText
    delimiter: str
    layout: Layout
    header_lines: int  # physical lines up to and with the header

    def select(self) -> str:
        """SQL that reads the records as text, columns '#0', '#1'... in the order of the file."""
        columns = ", ".join(f"{sql.text(f'#{i}')}: 'VARCHAR'" for i in range(self.layout.width))
        return f"""
            select * from read_csv(
                {sql.path(self.plain.path)}, auto_detect = false, header = false,
                skip = {self.header_lines}, delim = {sql.text(self.delimiter)}, quote = '"',
                escape = '"', strict_mode = true, columns = {{{columns}}},
                hive_partitioning = false, compression = 'none', store_rejects = true,
                rejects_table = '{REFUSALS}', rejects_scan = '{REFUSAL_SCANS}',
                max_line_size = {MAX_RECORD_BYTES}, buffer_size = {4 * MAX_RECORD_BYTES})"""


@dataclass(frozen=True)
class RefusedRecord:
    """A record that is no row at all."""

    line: int  # physical line where it begins
    raw_text: str
    reason: str


@dataclass(frozen=True)
class LineShift:
    """From this record on, ``line = ordinal + shift``; ordinals of read records count from 0."""

    from_ordinal: int
    shift: int


def says_no_records(plain: PlainText) -> bool:
    """Whether the file is the vendor's one-line answer that there was nothing to extract."""
    if plain.lines > 2 or plain.path.stat().st_size > 200:
        return False
    content = plain.path.read_text(encoding="utf-8-sig").strip().strip('"')
    return content.lower() == _NO_RECORDS


def open_csv(plain: PlainText, file_format: FileFormat, contract: Contract) -> CsvText:
    """Read the header and match it with the contract.

    Raises:
        RejectedFileError: the header does not fit; the message says what it lacks.
    """
    header, header_lines = _header(plain, file_format)
    try:
        layout = match_header(header, contract)
    except UnfitHeaderError as error:
        place = _header_below(plain, file_format, contract, header_lines)
        hint = ""
        if place is not None:
            hint = (
                f". Line {place} looks like the header: declare what is above it in"
                f" _profile.yaml, 'preamble_lines: {place - 1}'"
            )
        raise RejectedFileError(f"{error}{hint}", line=header_lines) from error
    return CsvText(plain, file_format.delimiter, layout, header_lines)


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
    with plain.path.open(encoding="utf-8-sig", newline="\n") as text:
        for number, line in enumerate(islice(text, _HEADER_SEARCH_LINES), 1):
            if number <= after:
                continue
            try:
                match_header(next(csv.reader([line], delimiter=file_format.delimiter)), contract)
            except (RejectedFileError, csv.Error, StopIteration):
                continue
            return number
    return None


def refused_records(connection: DuckDBPyConnection, text: CsvText) -> list[RefusedRecord]:
    """What DuckDB refused in its last read of ``text``.

    Their ``line`` counts records and blank lines, but not yet line ends inside quoted values.

    Raises:
        RejectedFileError: there are too many, one is too large, or a quote swallows others.
    """
    rows: list[tuple[int, str, str]] = connection.execute(
        f"""
        select line, min(error_type), trim(min(csv_line), chr(13) || chr(10)) as record
        from {REFUSALS}
        group by line
        having trim(record) <> ''
        order by line
        limit {MAX_REFUSED_RECORDS + 1}
        """
    ).fetchall()
    refused = [RefusedRecord(line, raw, _reason(line, kind, raw, text)) for line, kind, raw in rows]
    if len(refused) > MAX_REFUSED_RECORDS:
        raise RejectedFileError(
            f"more than {MAX_REFUSED_RECORDS} records are no rows: {refused[0].reason}",
            line=refused[0].line,
        )
    return refused


def _reason(line: int, kind: str, record: str, text: CsvText) -> str:
    width = text.layout.width
    if kind == "LINE SIZE OVER MAXIMUM":
        raise RejectedFileError(
            f"a record is larger than the limit of {MAX_RECORD_BYTES // 1_000_000} MB", line=line
        )
    if kind == "UNQUOTED VALUE":
        if "\n" in record:
            raise RejectedFileError(
                "a quoted value is not closed before the line ends and swallows the records after"
                " it: a quote is missing, or one inside a value is not doubled",
                line=line,
            )
        return "a quote is malformed: one inside a value must be doubled and the value quoted"
    found = len(next(csv.reader([record], delimiter=text.delimiter), []))
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        return (
            f"the record has {found} fields, the header has {width} columns: the line is cut off,"
            f" or a value that holds '{text.delimiter}' is not quoted"
        )
    return f"the record cannot be read as CSV ({kind.lower()})"


def line_shifts(
    text: CsvText, read: int, refused: list[RefusedRecord]
) -> tuple[list[LineShift], list[RefusedRecord]]:
    """Where each record begins: shifts for the ``read`` ones, and ``refused`` with true lines.

    When every line is one record that follows from the counts. Otherwise (blank lines, line ends
    inside values) the text is gone through once more.

    Raises:
        RejectedFileError: the two readings do not find the same records.
    """
    first = text.header_lines + 1
    if read + len(refused) == text.plain.lines - text.header_lines:
        shifts = [LineShift(0, first)]
        shifts += [
            LineShift(record.line - first - place, first + place + 1)
            for place, record in enumerate(refused)
        ]
        return shifts, refused
    by_count = {record.line: record for record in refused}
    shifts, placed, ordinal = [], [], 0
    for counted, (line, is_blank) in enumerate(_records(text), first):
        if counted in by_count:
            found = by_count[counted]
            placed.append(RefusedRecord(line, found.raw_text, found.reason))
        elif not is_blank:
            if not shifts or shifts[-1].shift != line - ordinal:
                shifts.append(LineShift(ordinal, line - ordinal))
            ordinal += 1
    if ordinal != read or len(placed) != len(refused):
        raise RejectedFileError(
            f"its quotes are ambiguous: one reading finds {read} records, another {ordinal}"
        )
    return shifts, placed


def _records(text: CsvText) -> Iterator[tuple[int, bool]]:
    """First physical line of every record after the header, and whether it is a blank line."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_BYTES))
    with text.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
        reader = csv.reader(islice(file, text.header_lines, None), delimiter=text.delimiter)
        line = text.header_lines + 1
        for record in reader:
            yield line, len(record) < 2 and not "".join(record).strip()
            line = text.header_lines + reader.line_num + 1
