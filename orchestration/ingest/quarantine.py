"""Quarantine: the records of a file that are not loaded, each with its text and every reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.csv_records import REFUSAL_SCANS, REFUSALS
from orchestration.ingest.raw_tables import record_key, table_of
from orchestration.ingest.records import READABLE, Records
from orchestration.ingest.staging import REFUSED, Staged

_TEXTS = "ingest_text"  # line, raw_text: of the refused records that are rows
_TEXTS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Origin:
    """The file that records come from."""

    file_name: str
    sha256: str | None
    extract_date: dt.date


def quarantine(
    connection: DuckDBPyConnection,
    records: Records,
    contract: Contract,
    staged: Staged,
    origin: Origin,
) -> int:
    """Write every refused record of a staged file to quarantine; returns how many there are."""
    place = {
        "source": contract.source,
        "object": contract.object,
        "file_name": origin.file_name,
        "sha256": origin.sha256,
        "extract_date": origin.extract_date,
    }
    into = """
        insert into ops.quarantined_row (
            source, object, file_name, file_sha256, extract_date,
            line_number, record_key, amount, currency_code, raw_text, rules, reasons
        )
        select $source, $object, $file_name, $sha256, $extract_date
    """
    connection.execute(
        f"""
        {into}, unnest($lines::BIGINT[]), null, null, null, unnest($texts::VARCHAR[]),
            [{sql.text(READABLE)}], [unnest($reasons::VARCHAR[])]
        """,
        place
        | {
            "lines": [record.line for record in staged.refused],
            "texts": [record.raw_text for record in staged.refused],
            "reasons": [record.reason for record in staged.refused],
        },
    )
    _write_texts(connection, records)
    refused = sql.inserted(
        connection,
        f"""
        {into}, line, record_key, amount, currency_code, raw_text,
            list_transform(_reasons, lambda broken: broken.rule),
            list_transform(_reasons, lambda broken: broken.reason)
        from {REFUSED}
        inner join {_TEXTS} using (line)
        """,
        place,
    )
    connection.execute(f"drop table {_TEXTS}")
    return len(staged.refused) + refused


def note_mended(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Mark the refused records of an object of which a later extract holds a good version.

    They need nobody's attention any more. It is found out anew from all versions that there are,
    so the order in which files are loaded does not matter.
    """
    of_object = "source = $source and object = $object"
    place = {"source": contract.source, "object": contract.object}
    if not sql.count(connection, f"ops.quarantined_row where {of_object}", place):
        return
    connection.execute(
        f"""
        update ops.quarantined_row set is_mended = not is_mended
        where {of_object} and is_mended <> exists (
            select 1 from {table_of(contract)}
            where {record_key(contract)} = record_key and _last_extract_date > extract_date
        )
        """,
        place,
    )


def _write_texts(connection: DuckDBPyConnection, records: Records) -> None:
    """Read the texts of the refused records from the file once more: they are few."""
    for table in (REFUSALS, REFUSAL_SCANS):
        connection.execute(f"drop table if exists {table}")
    connection.execute(f"create or replace temp table {_TEXTS} (line BIGINT, raw_text VARCHAR)")
    found = connection.execute(f"select line from {REFUSED} order by line").fetchnumpy()
    lines = [int(line) for line in found["line"]]
    texts = records.texts(connection, lines)
    for start in range(0, len(lines), _TEXTS_AT_ONCE):
        some = lines[start : start + _TEXTS_AT_ONCE]
        connection.execute(
            f"insert into {_TEXTS} select unnest(?::BIGINT[]), unnest(?::VARCHAR[])",
            [some, [next(texts) for _ in some]],
        )
