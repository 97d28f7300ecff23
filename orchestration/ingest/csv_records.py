"""Records of CSV text, by DuckDB's strict reader: what it reads, refuses, and where each begins."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from duckdb import DuckDBPyConnection

from orchestration.contracts import FileFormat
from orchestration.ingest import sql
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText
from orchestration.ingest.headers import told_totals
from orchestration.ingest.layout import Layout
from orchestration.ingest.records import (
    LineShift,
    Places,
    RefusedRecord,
    shifts_around,
)

MAX_RECORD_BYTES = 8_000_000
MAX_REFUSED_RECORDS = 100_000
REFUSALS, REFUSAL_SCANS = "ingest_refusals", "ingest_refusal_scans"


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
        allow_large_fields()
        taken: list[str] = []
        with self.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
            reader = csv.reader(noted(file, taken), delimiter=self.delimiter)
            passed = 0
            for line in lines:
                next(islice(file, line - 1 - passed, line - 1 - passed), None)
                taken.clear()
                next(reader)
                passed = line - 1 + len(taken)
                yield "".join(taken).rstrip("\r\n")


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


def allow_large_fields() -> None:
    """Let Python read fields as large as a record may be."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_BYTES))


def noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The same lines, each noted in ``taken`` when it is read."""
    for line in lines:
        taken.append(line)
        yield line


def _records(text: CsvRecords) -> Iterator[tuple[int, bool]]:
    """First physical line of every record after the header, and whether it is a blank line."""
    allow_large_fields()
    with text.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
        reader = csv.reader(islice(file, text.header_lines, None), delimiter=text.delimiter)
        line = text.header_lines + 1
        for record in reader:
            yield line, len(record) < 2 and not "".join(record).strip()
            line = text.header_lines + reader.line_num + 1
