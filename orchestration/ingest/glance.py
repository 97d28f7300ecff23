"""A first look at a file that no contract describes: its header and its first records."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ingest import sql
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import PlainText, open_text
from orchestration.ingest.headers import HEADER_SEARCH_LINES
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.workbook import DAMAGE, visible_sheets

RECORDS = 1000
_DELIMITERS = (",", ";", "\t", "|")
_LIKELY_ENCODING = "cp1252"


@dataclass
class Glance:
    """What the beginning of a file shows."""

    header: list[str]
    records: list[list[str]]  # texts, as many as there are names in the header
    options: dict[str, Any] = field(default_factory=dict)  # keys of FileFormat that are not default
    doubts: list[str] = field(default_factory=list)  # what was supposed and must be checked


def glance_at(path: Path) -> Glance:
    """Look at the first records of an extract; its contract may be missing, its form may not.

    Raises:
        RejectedFileError: the file is damaged, empty, or of a form that is not supported.
    """
    name = path.name.lower()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if name.endswith(".parquet"):
            return _of_parquet(path)
        if name.endswith(".xlsx"):
            return _of_workbook(path)
        if name.endswith((".jsonl", ".jsonl.gz")):
            return _of_json(_open(path, "utf-8", scratch))
        if name.endswith((".csv", ".csv.gz")):
            return _of_csv(path, scratch)
    raise RejectedFileError(
        "its form is not supported; the name must end in .csv, .csv.gz, .jsonl, .jsonl.gz, .parquet"
        " or .xlsx, and an archive must be unpacked first"
    )


def _open(path: Path, encoding: str, scratch: Path) -> PlainText:
    nowhere = LandingFile(path, path.name, "", "", dt.date.min, path.parent)
    return open_text(nowhere, encoding, scratch)


def _of_csv(path: Path, scratch: Path) -> Glance:
    options: dict[str, Any] = {}
    doubts = []
    try:
        plain = _open(path, "utf-8", scratch)
    except RejectedFileError:
        plain = _open(path, _LIKELY_ENCODING, scratch)
        options["encoding"] = _LIKELY_ENCODING
        doubts.append(f"encoding: the text is not UTF-8; {_LIKELY_ENCODING} is supposed")
    with plain.path.open(encoding="utf-8-sig", newline="\n") as text:
        lines = list(islice(text, HEADER_SEARCH_LINES + RECORDS))
    top = lines[:HEADER_SEARCH_LINES]
    delimiter = max(_DELIMITERS, key=lambda mark: max(len(f) for f in _split(top, mark)))
    rows = _split(lines, delimiter)
    widths = [len(row) for row in rows[:HEADER_SEARCH_LINES]]
    above = widths.index(max(widths))
    if delimiter != ",":
        options["delimiter"] = delimiter
    if above:
        options["preamble_lines"] = above
        doubts.append(f"preamble_lines: line {above + 1} is supposed to be the header")
    return Glance(*_table(rows[above:]), options, doubts)


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(lines, delimiter=delimiter))


def _table(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """The header, and the records that are as wide as it."""
    header = [name.strip() for name in rows[0]] if rows else []
    records = [[cell.strip() for cell in row] for row in rows[1:] if len(row) == len(header)]
    return header, records[:RECORDS]


def _of_json(plain: PlainText) -> Glance:
    documents = []
    with plain.path.open(encoding="utf-8-sig") as text:
        for line in islice(filter(str.strip, text), RECORDS):
            try:
                document = json.loads(line, parse_float=str, parse_int=str)
            except ValueError as error:
                raise RejectedFileError(f"a line is no JSON: {error}") from error
            if isinstance(document, dict):
                documents.append(document)
    if not documents:
        raise RejectedFileError("holds no JSON object")
    nested = _nested_key(documents)
    flat = [
        {k: v for k, v in document.items() if k != nested} | (document.get(nested) or {})
        for document in documents
    ]
    header = list(dict.fromkeys(key for document in flat for key in document))
    records = [[_text(document.get(key)) for key in header] for document in flat]
    return Glance(header, records, {"nested": nested} if nested else {})


def _nested_key(documents: Sequence[dict[str, Any]]) -> str:
    """The key under which most of a record lies; '' when its own keys are the columns."""
    first = documents[0]
    widths = {key: len(value) for key, value in first.items() if isinstance(value, dict)}
    widest = max(widths, key=lambda key: widths[key], default="")
    return widest if widths.get(widest, 0) > len(first) else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _of_parquet(path: Path) -> Glance:
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        try:
            found = connection.execute(
                f"select columns(*)::VARCHAR from read_parquet({sql.path(path)},"
                f" hive_partitioning = false) limit {RECORDS}"
            )
        except duckdb.Error as error:
            raise RejectedFileError(f"is no Parquet file, or a damaged one: {error}") from error
        header = [str(column[0]) for column in found.description or []]
        return Glance(header, [[value or "" for value in row] for row in found.fetchall()])


def _of_workbook(path: Path) -> Glance:
    """The table of the first visible sheet that has more than one column."""
    try:
        for sheet in visible_sheets(path):
            rows = list(islice(sheet.rows, HEADER_SEARCH_LINES + RECORDS))
            widths = [len(cells) for _, cells in rows[:HEADER_SEARCH_LINES]]
            if max(widths, default=0) < 2:
                continue
            above = widths.index(max(widths))
            width = widths[above]
            padded = [[*cells, *[""] * (width - len(cells))] for _, cells in rows[above:]]
            options = {"preamble_lines": rows[above][0] - 1} if above else {}
            return Glance(*_table(padded), options, [f"sheet: '{sheet.name}' is supposed"])
    except DAMAGE as error:
        raise RejectedFileError(f"is no XLSX workbook, or a damaged one: {error}") from error
    raise RejectedFileError("is a workbook without a visible sheet that holds a table")
