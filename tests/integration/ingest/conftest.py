"""A landing folder that tests fill, and the warehouse that it is loaded into."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.ingest.ledger import LedgerEntry
from orchestration.ingest.run import IngestResult, ingest_landing
from orchestration.settings import Settings

DAY = "2026-03-14"
STAMP = "2026-03-01T08:00:00.000Z"


def salesforce_id(prefix: str, number: int) -> str:
    """An id of 18 characters: the last three say which of the others are capitals."""
    short = f"{prefix}Qx{number:010d}"
    check = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    groups = (short[:5], short[5:10], short[10:])
    return short + "".join(
        check[sum(1 << place for place, letter in enumerate(group) if letter.isupper())]
        for group in groups
    )


def account(number: int, **values: str) -> dict[str, str]:
    return {
        "Id": salesforce_id("001", number),
        "Name": f"Company {number}",
        "AnnualRevenue": f"{1000 * number}.00",
        "SystemModstamp": STAMP,
    } | values


def opportunity(number: int, **values: str) -> dict[str, str]:
    return {
        "Id": salesforce_id("006", number),
        "Name": f"Deal {number}",
        "StageName": "Prospecting",
        "Amount": f"{100 * number}.00",
        "Probability": "10",
        "CloseDate": "2026-06-30",
        "IsDeleted": "false",
        "LastModifiedDate": STAMP,
        "SystemModstamp": STAMP,
    } | values


def csv_text(rows: Sequence[Mapping[str, str]], end: str = "\n", delimiter: str = ",") -> str:
    """Rows as an extract, with the columns of the first one."""

    def quoted(value: str) -> str:
        special = any(char in value for char in f'{delimiter}"\n\r')
        return '"' + value.replace('"', '""') + '"' if special else value

    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(delimiter.join(map(quoted, line)) + end for line in lines)


@dataclass(frozen=True)
class Office:
    """A place where extracts arrive and are loaded."""

    home: Path
    connection: duckdb.DuckDBPyConnection

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, landing=self.home / "landing")

    def deliver(self, path: str, content: str | bytes | Sequence[Mapping[str, str]]) -> Path:
        """Put a file into landing; a name that ends in '.gz' is compressed."""
        if not isinstance(content, str | bytes):
            content = csv_text(content)
        data = content.encode("utf-8") if isinstance(content, str) else content
        file = self.home / "landing" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(data, mtime=0) if path.endswith(".gz") else data)
        return file

    def ingest(self) -> IngestResult:
        return ingest_landing(self.settings, self.connection)

    def load(self, path: str, content: str | bytes | Sequence[Mapping[str, str]]) -> LedgerEntry:
        """Deliver one file and load it; its entry of the ledger."""
        self.deliver(path, content)
        return {entry.file_name: entry for entry in self.ingest().entries}[path]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        return self.query(sql)[0][0]

    def quarantine(self) -> list[tuple[int, str, str]]:
        """Line, raw text and all reasons of every refused record."""
        return self.query(
            "select line_number, raw_text, array_to_string(reasons, ' | ')"
            " from ops.quarantined_row order by file_name, line_number"
        )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    (home / "warehouse").mkdir(parents=True)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    yield Office(home, connection)
    connection.close()
