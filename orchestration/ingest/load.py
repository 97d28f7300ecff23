"""One file: read, typed and judged, then merged into its raw table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, FileFormat
from orchestration.ingest import sql
from orchestration.ingest.errors import NoRecordsError
from orchestration.ingest.forms import open_records
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.ledger import RowCounts
from orchestration.ingest.quarantine import Origin, quarantine
from orchestration.ingest.raw_tables import (
    OWN_COLUMNS,
    content_number,
    extend_dates,
    replace_by_staged,
    table_of,
)
from orchestration.ingest.records import Records
from orchestration.ingest.schema_change import note_schema_changes
from orchestration.ingest.staging import VERDICTS, Staged, stage
from orchestration.ingest.suspicions import suspicious_texts

_KNOWN = "ingest_known"  # line, raw_row: staged rows whose version is in the raw table


@dataclass(frozen=True)
class ReadFile:
    """A file that was read and judged; its rows are staged."""

    records: Records
    staged: Staged


def read_file(
    connection: DuckDBPyConnection,
    file: LandingFile,
    contract: Contract,
    file_format: FileFormat,
    scratch: Path,
) -> ReadFile | None:
    """Read a file into the staging tables, outside a transaction; nothing else is written.

    Returns:
        None when the source answered that there were no records.

    Raises:
        RejectedFileError: nothing of the file can be loaded.
    """
    try:
        records = open_records(connection, file, contract, file_format, scratch)
    except NoRecordsError:
        return None
    return ReadFile(
        records, stage(connection, records, contract, file.file_name, file.extract_date)
    )


def merge_file(
    connection: DuckDBPyConnection, contract: Contract, read: ReadFile | None, origin: Origin
) -> tuple[RowCounts, list[str]]:
    """Load what was staged; the caller has begun a transaction.

    Returns:
        What became of the file's records, and what should be told about it.
    """
    if read is None:
        return RowCounts(), ["no rows: the source answered that no records were found"]
    records, staged = read.records, read.staged
    warnings = list(records.warnings)
    if not staged.records:
        warnings.append("no rows: the file holds a header and nothing else")
    warnings += note_schema_changes(
        connection, contract, records.layout, staged, origin.extract_date
    )
    if not records.is_ascii:
        warnings += suspicious_texts(connection, contract, staged)
    return merge_records(connection, contract, read, origin), warnings


def merge_records(
    connection: DuckDBPyConnection, contract: Contract, read: ReadFile, origin: Origin
) -> RowCounts:
    """Load the good records, quarantine the others; what became of them all."""
    quarantined = quarantine(connection, read.records, contract, read.staged, origin)
    counts = _merge(connection, contract, read.staged, origin)
    return counts + RowCounts(
        read=read.staged.records, duplicate=read.staged.duplicates, quarantined=quarantined
    )


def _merge(
    connection: DuckDBPyConnection, contract: Contract, staged: Staged, origin: Origin
) -> RowCounts:
    """Add the versions that are not known yet, extend the dates of those that are."""
    raw, rows = table_of(contract), staged.table
    normalised = sql.count(connection, f"{rows} where _is_normalised")
    further = f"(from {VERDICTS} where verdict = 'further version')"
    if staged.is_first:
        added, changed = sql.count(connection, rows), sql.count(connection, further)
        replace_by_staged(connection, contract)
        return RowCounts(new=added - changed, changed=changed, normalised=normalised)
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    content = f"{key}, {content_number(contract)} as content"
    connection.execute(f"drop table if exists {_KNOWN}")
    connection.execute(
        f"""
        create temp table {_KNOWN} as
        select line, raw_row
        from (select _line_number as line, {content} from {rows})
        join (select rowid as raw_row, {content} from {raw}) using ({key}, content)
        """
    )
    fresh = f"(from {rows} anti join {_KNOWN} on _line_number = line)"
    new = sql.count(
        connection,
        f"{fresh} anti join {further} on _line_number = line anti join {raw} using ({key})",
    )
    columns = ", ".join(map(sql.name, [*(f.column for f in contract.fields), *OWN_COLUMNS]))
    added = sql.inserted(connection, f"insert into {raw} ({columns}) select {columns} from {fresh}")
    seen = f"rowid in (select raw_row from {_KNOWN})"
    extend_dates(connection, contract, origin.extract_date, seen)
    return RowCounts(
        new=new,
        changed=added - new,
        unchanged=sql.count(connection, _KNOWN),
        normalised=normalised,
    )
