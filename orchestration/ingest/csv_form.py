"""CSV text -> records: the header by Python, everything after it by DuckDB's strict reader."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText
from orchestration.ingest.headers import HEADER_SEARCH_LINES, Row, format_found, total_test
from orchestration.ingest.layout import Layout, UnfitHeaderError, match_header
from orchestration.ingest.records import (
    LineShift,
    Places,
    RefusedRecord,
    shifts_around,
)

MAX_RECORD_BYTES = 8_000_000
MAX_REFUSED_RECORDS = 100_000
REFUSALS, REFUSAL_SCANS = "ingest_refusals", "ingest_refusal_scans"
_NO_RECORDS = "records not found for this query"  # what the Bulk API answers instead of a header


@dataclass(frozen=True)
class CsvRecords:
    """A CSV file whose header is known."""

    plain: PlainText
    delimiter: str
    layout: Layout
    file_format: FileFormat
    header_lines: int  # physical lines up to and with the header
    totals: tuple[int, ...]  # lines of totals, which are blank in the text and no records

    @property
    def is_ascii(self) -> bool:
        """As the gate found it."""
        return self.plain.is_ascii

    @property
    def has_control_characters(self) -> bool:
        """As the gate found it."""
        return self.plain.has_control_characters

    @property
    def warnings(self) -> tuple[str, ...]:
        """Signs that the file is cut off or was not made by a tool."""
        warnings = []
        if not self.plain.ends_with_line_end:
            warnings.append("the last line has no line end (newline); the file may be cut off")
        if self.layout.unnamed:
            warnings.append("columns without a name in the header are empty and left out")
        return (*warnings, *self.layout.notes, *told_totals(self.totals))

    @property
    def problem(self) -> str:
        """None: what has not as many fields as the header is refused by the reader."""
        return "null::VARCHAR"

    def select(self) -> str:
        """SQL that reads the records strictly, as text."""
        columns = ", ".join(f"{sql.text(f'#{i}')}: 'VARCHAR'" for i in range(self.layout.width))
        # In a file of one column a blank line would be an empty record.
        condition = 'where "#0" is not null' if self.layout.width == 1 else ""
        return f"""
            select * from read_csv(
                {sql.path(self.plain.path)}, auto_detect = false, header = false,
                skip = {self.header_lines}, delim = {sql.text(self.delimiter)}, quote = '"',
                escape = '"', strict_mode = true, columns = {{{columns}}},
                hive_partitioning = false, compression = 'none', store_rejects = true,
                rejects_table = '{REFUSALS}', rejects_scan = '{REFUSAL_SCANS}',
                max_line_size = {MAX_RECORD_BYTES}, buffer_size = {4 * MAX_RECORD_BYTES})
            {condition}"""

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:
        """Where records begin; when every line is one record that follows from the counts.

        Raises:
            RejectedFileError: a refused record makes the file unusable, or a second reading does
                not find the same records.
        """
        refused = _refused_records(connection, self)
        if refused and not read:
            raise RejectedFileError(
                f"no record is a row: {refused[0].reason}", line=refused[0].line
            )
        if read + len(refused) == self.plain.lines - self.header_lines:
            lines = [record.line for record in refused]
            return Places(shifts_around(lines, self.header_lines + 1), tuple(refused))
        return _places_by_second_reading(self, read, refused)

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:  # noqa: ARG002
        """The lines of each record; what is between them is passed over."""
        _allow_large_fields()
        taken: list[str] = []
        with self.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
            reader = csv.reader(_noted(file, taken), delimiter=self.delimiter)
            passed = 0
            for line in lines:
                next(islice(file, line - 1 - passed, line - 1 - passed), None)
                taken.clear()
                next(reader)
                passed = line - 1 + len(taken)
                yield "".join(taken).rstrip("\r\n")


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


def told_totals(lines: Sequence[int]) -> tuple[str, ...]:
    """What is told of lines that were left out because they are totals."""
    if not lines:
        return ()
    word = "line is a total" if len(lines) == 1 else "lines are totals"
    return (f"{len(lines)} {word} and no record; the first is line {lines[0]}",)


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
    _allow_large_fields()
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
            for record in csv.reader(_noted(source, taken), delimiter=delimiter):
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


def _refused_records(connection: DuckDBPyConnection, text: CsvRecords) -> list[RefusedRecord]:
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


def _reason(line: int, kind: str, record: str, text: CsvRecords) -> str:
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


def _places_by_second_reading(text: CsvRecords, read: int, refused: list[RefusedRecord]) -> Places:
    """Blank lines and line ends inside values are not counted by DuckDB; Python's reader does."""
    by_count = {record.line: record for record in refused}
    shifts: list[LineShift] = []
    placed: list[RefusedRecord] = []
    ordinal = 0
    for counted, (line, is_blank) in enumerate(_records(text), text.header_lines + 1):
        if counted in by_count:
            placed.append(replace(by_count[counted], line=line))
        elif not is_blank:
            if not shifts or shifts[-1].shift != line - ordinal:
                shifts.append(LineShift(ordinal, line - ordinal))
            ordinal += 1
    if ordinal != read or len(placed) != len(refused):
        raise RejectedFileError(
            f"its quotes are ambiguous: one reading finds {read} records, another {ordinal}"
        )
    return Places(tuple(shifts) or (LineShift(0, text.header_lines + 1),), tuple(placed))


def _allow_large_fields() -> None:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_BYTES))


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The same lines, each noted in ``taken`` when it is read."""
    for line in lines:
        taken.append(line)
        yield line


def _records(text: CsvRecords) -> Iterator[tuple[int, bool]]:
    """First physical line of every record after the header, and whether it is a blank line."""
    _allow_large_fields()
    with text.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
        reader = csv.reader(islice(file, text.header_lines, None), delimiter=text.delimiter)
        line = text.header_lines + 1
        for record in reader:
            yield line, len(record) < 2 and not "".join(record).strip()
            line = text.header_lines + reader.line_num + 1
