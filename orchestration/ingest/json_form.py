"""JSON lines: one object a line, whose keys are columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.gate import PlainText
from orchestration.ingest.layout import Layout, match_header
from orchestration.ingest.records import Places, raw_column, shifts_around

MAX_LINE_BYTES = 8_000_000
_NO_DELIMITER = "\x1f"  # JSON texts hold no control characters


@dataclass(frozen=True)
class JsonLines:
    """A file of JSON lines whose keys are known."""

    plain: PlainText
    layout: Layout
    pointers: tuple[str, ...]  # JSON pointer of each column
    file_format: FileFormat
    nested: str | None  # key of an object whose keys are columns as well

    @property
    def is_ascii(self) -> bool:
        """JSON can write any character in ASCII, so nobody knows."""
        return False

    @property
    def has_control_characters(self) -> bool:
        """JSON can write control characters in ASCII as well."""
        return True

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is taken for missing columns: a missing line end cuts no object off unseen."""
        return self.layout.notes

    @property
    def delimiter(self) -> None:
        """None: the records are JSON objects."""

    @property
    def problem(self) -> str:
        """Why a line is no object that can be read."""
        return '"#problem"'

    def select(self) -> str:
        """SQL that reads the objects, with the values of their keys as text."""
        columns = "".join(
            f", json_extract_string(document, {sql.text(pointer)}) as {raw_column(place)}"
            for place, pointer in enumerate(self.pointers)
        )
        return f"""
            select problem as "#problem" {columns}
            from ({_documents(self.plain, self.nested)})"""

    def places(self, connection: DuckDBPyConnection, read: int) -> Places:
        """Every line is a record, but for blank ones."""
        blank: list[int] = []
        if read != self.plain.lines:
            blank = [
                line
                for (line,) in connection.execute(
                    f"""
                    select number
                    from (select row_number() over () as number, line from ({_lines(self.plain)}))
                    where not ({_is_record("line")})
                    """
                ).fetchall()
            ]
        return Places(shifts_around(blank, 1))

    def texts(self, connection: DuckDBPyConnection, lines: Sequence[int]) -> Iterator[str]:  # noqa: ARG002
        """The lines."""
        with self.plain.path.open(encoding="utf-8-sig", newline="\n") as file:
            passed = 0
            for line in lines:
                yield next(islice(file, line - 1 - passed, None)).rstrip("\r\n")
                passed = line


def open_json_lines(
    connection: DuckDBPyConnection, plain: PlainText, file_format: FileFormat, contract: Contract
) -> JsonLines:
    """Find the keys of all objects and match them with the contract.

    Raises:
        RejectedFileError: no object has a required key.
    """
    keys = _keys(connection, plain, file_format.nested, "")
    pointers = {key: _pointer(key) for key in keys if key != file_format.nested}
    if file_format.nested:
        inside = _pointer(file_format.nested)
        for key in _keys(connection, plain, file_format.nested, inside):
            pointers[key] = inside + _pointer(key)
    layout = match_header(list(pointers), contract, file_format.ignored_columns)
    return JsonLines(plain, layout, tuple(pointers.values()), file_format, file_format.nested)


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _is_record(line: str) -> str:
    return f"trim(coalesce({line}, ''), ' ' || chr(9) || chr(13)) <> ''"


def _lines(plain: PlainText) -> str:
    return f"""
        select line from read_csv(
            {sql.path(plain.path)}, auto_detect = false, header = false, delim = '{_NO_DELIMITER}',
            quote = '', escape = '', columns = {{'line': 'VARCHAR'}}, hive_partitioning = false,
            compression = 'none', max_line_size = {MAX_LINE_BYTES},
            buffer_size = {4 * MAX_LINE_BYTES})"""


def _documents(plain: PlainText, nested: str | None) -> str:
    """Line by line: the text, the object in it, or what is wrong with it."""
    levels = ["''"] + ([sql.text(_pointer(nested))] if nested else [])
    keys = [f"coalesce(json_keys(object, {level}), [])" for level in levels]
    has_twins = " or ".join(f"len({k}) <> len(list_distinct({k}))" for k in keys)
    return f"""
        with lines as (select line from ({_lines(plain)}) where {_is_record("line")}),
        parsed as (select line, case when json_valid(line) then line::JSON end as value from lines),
        objects as (
            select *, case when json_type(value) = 'OBJECT' then value end as object from parsed
        ),
        judged as (
            select
                *,
                case
                    when value is null then 'the line is no JSON, or is cut off (truncated)'
                    when object is null then 'the line is JSON, but no object'
                    when {has_twins} then 'the object has the same key twice (duplicate)'
                end as problem
            from objects
        )
        select line, problem, case when problem is null then object end as document from judged"""


def _keys(
    connection: DuckDBPyConnection, plain: PlainText, nested: str | None, pointer: str
) -> list[str]:
    found = connection.execute(
        f"""
        select distinct unnest(json_keys(document, {sql.text(pointer)})) as key
        from ({_documents(plain, nested)})
        order by key
        """
    ).fetchall()
    return [key for (key,) in found]
