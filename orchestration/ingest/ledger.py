"""The operational tables: what was loaded, what was refused, what differs from the contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from duckdb import DuckDBPyConnection

Status = Literal["loaded", "rejected", "unchanged"]

_TABLES = """
    create schema if not exists ops;
    create table if not exists ops.load_ledger (
        source VARCHAR not null,
        object VARCHAR,
        file_name VARCHAR not null,
        extract_date DATE,
        extract_mode VARCHAR,
        status VARCHAR not null check (status in ('loaded', 'rejected', 'unchanged')),
        rows_read BIGINT not null,
        rows_new BIGINT not null,
        rows_changed BIGINT not null,
        rows_unchanged BIGINT not null,
        rows_duplicate BIGINT not null,
        rows_quarantined BIGINT not null,
        rows_deleted BIGINT not null,
        rows_normalised BIGINT not null,
        warnings VARCHAR,
        error VARCHAR,
        is_acknowledged BOOLEAN not null,
        sha256 VARCHAR,
        file_format VARCHAR,
        header VARCHAR[],
        delimiter VARCHAR,
        size_bytes BIGINT,
        modified_ns BIGINT,
        loaded_at TIMESTAMP not null,
        check (
            rows_read
            = rows_new + rows_changed + rows_unchanged + rows_duplicate + rows_quarantined
        ),
        check ((status = 'rejected') = (error is not null))
    );
    create table if not exists ops.quarantined_row (
        source VARCHAR not null,
        object VARCHAR not null,
        file_name VARCHAR not null,
        extract_date DATE not null,
        line_number BIGINT not null,
        raw_text VARCHAR not null,
        reasons VARCHAR[] not null,
        rules VARCHAR[] not null,  -- those that are broken, one for each of the reasons
        record_key VARCHAR,
        amount DECIMAL(18, 2),
        currency_code VARCHAR,
        file_sha256 VARCHAR,
        is_mended BOOLEAN not null default false  -- a later extract holds it and it was loaded
    );
    create table if not exists ops.schema_change (
        source VARCHAR not null,
        object VARCHAR not null,
        column_name VARCHAR not null,
        change VARCHAR not null,
        first_extract_date DATE not null,
        last_extract_date DATE not null
    );
    create table if not exists ops.deleted_record (
        source VARCHAR not null,
        object VARCHAR not null,
        record_key VARCHAR not null,
        deleted_date DATE not null
    );
"""
# What warehouses lack that were made before these columns were.
_LATER_COLUMNS = {
    "ops.load_ledger": ("header VARCHAR[]", "delimiter VARCHAR"),
    "ops.quarantined_row": (
        "rules VARCHAR[] default []",
        "record_key VARCHAR",
        "amount DECIMAL(18, 2)",
        "currency_code VARCHAR",
        "file_sha256 VARCHAR",
        "is_mended BOOLEAN default false",
    ),
}


@dataclass(frozen=True)
class RowCounts:
    """What became of the records of one file, or of many."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    deleted: int = 0
    normalised: int = 0

    def __add__(self, other: RowCounts) -> RowCounts:
        return RowCounts(
            self.read + other.read,
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.deleted + other.deleted,
            self.normalised + other.normalised,
        )


@dataclass(frozen=True)
class Fingerprint:
    """By what a file is known again."""

    sha256: str | None
    size_bytes: int | None
    modified_ns: int | None


@dataclass(frozen=True)
class LedgerEntry:
    """One row of the load ledger: what happened to one file."""

    source: str
    object: str | None
    file_name: str
    extract_date: dt.date | None
    extract_mode: str | None
    status: Status
    fingerprint: Fingerprint
    rows: RowCounts = field(default_factory=RowCounts)
    warnings: tuple[str, ...] = ()
    error: str | None = None
    file_format: str | None = None
    header: tuple[str, ...] | None = None  # names of the file's columns, as it has them
    delimiter: str | None = None  # between the fields of quarantined text; None: JSON objects
    is_acknowledged: bool = False


def create_tables(connection: DuckDBPyConnection) -> None:
    """Make the operational tables where they do not exist, and the columns that they lack."""
    connection.execute(_TABLES)
    for table, columns in _LATER_COLUMNS.items():
        for column in columns:
            connection.execute(f"alter table {table} add column if not exists {column}")


def record(connection: DuckDBPyConnection, entry: LedgerEntry) -> LedgerEntry:
    """Write an entry in place of earlier rejections of the file, or of the archive it is in.

    A file that is rejected again stays acknowledged while its bytes are the same.
    """
    replaced = connection.execute(
        "delete from ops.load_ledger where status = 'rejected'"
        " and (file_name = $name or starts_with($name, file_name || '/'))"
        " returning is_acknowledged, sha256",
        {"name": entry.file_name},
    ).fetchall()
    if entry.status == "rejected" and (True, entry.fingerprint.sha256) in replaced:
        entry = replace(entry, is_acknowledged=True)
    values = {
        "source": entry.source,
        "object": entry.object,
        "file_name": entry.file_name,
        "extract_date": entry.extract_date,
        "extract_mode": entry.extract_mode,
        "status": entry.status,
        **{f"rows_{name}": count for name, count in asdict(entry.rows).items()},
        "warnings": "\n".join(entry.warnings) or None,
        "error": entry.error,
        "is_acknowledged": entry.is_acknowledged,
        "file_format": entry.file_format,
        "header": list(entry.header) if entry.header is not None else None,
        "delimiter": entry.delimiter,
        **asdict(entry.fingerprint),
    }
    connection.execute(
        f"insert into ops.load_ledger ({', '.join(values)}, loaded_at)"
        f" values ({', '.join('?' * len(values))}, get_current_timestamp() at time zone 'UTC')",
        list(values.values()),
    )
    return entry


def recount(
    connection: DuckDBPyConnection, file_name: str, sha256: str | None, tried: RowCounts
) -> None:
    """Count records that were quarantined before as what they have become.

    Args:
        connection: the warehouse, in a transaction.
        file_name: the file they are from.
        sha256: the digest of its bytes.
        tried: what they have become; those quarantined are so again.
    """
    connection.execute(
        """
        update ops.load_ledger set
            rows_quarantined = rows_quarantined - $read + $quarantined,
            rows_new = rows_new + $new,
            rows_changed = rows_changed + $changed,
            rows_unchanged = rows_unchanged + $unchanged,
            rows_duplicate = rows_duplicate + $duplicate,
            rows_normalised = rows_normalised + $normalised
        where file_name = $file_name and sha256 = $sha256 and status = 'loaded'
        """,
        {name: count for name, count in asdict(tried).items() if name != "deleted"}
        | {"file_name": file_name, "sha256": sha256},
    )


def withdraw_rejections(
    connection: DuckDBPyConnection, present: Collection[str]
) -> list[tuple[str, tuple[str, str]]]:
    """Delete the rejections of files that are no longer there.

    Args:
        connection: the warehouse, in a transaction.
        present: the names of all files that there are.

    Returns:
        Name, and source with object, of each such file.
    """
    withdrawn = connection.execute(
        "delete from ops.load_ledger where status = 'rejected'"
        " and file_name not in (select unnest(?::VARCHAR[]))"
        " returning file_name, source, coalesce(object, '')",
        [list(present)],
    ).fetchall()
    return sorted((name, (source, object_name)) for name, source, object_name in withdrawn)


def with_deletions(
    connection: DuckDBPyConnection, entries: Iterable[LedgerEntry]
) -> tuple[LedgerEntry, ...]:
    """The entries with what was written to them when deletions were derived."""
    written = {
        (file_name, digest): (deleted, tuple((warnings or "").splitlines()))
        for file_name, digest, deleted, warnings in connection.execute(
            "select file_name, sha256, rows_deleted, warnings from ops.load_ledger"
            " where extract_mode = 'full' and status <> 'rejected'"
        ).fetchall()
    }
    refreshed = []
    for entry in entries:
        found = written.get((entry.file_name, entry.fingerprint.sha256))
        if found and entry.status != "rejected":
            rows = replace(entry.rows, deleted=found[0])
            entry = replace(entry, rows=rows, warnings=found[1])
        refreshed.append(entry)
    return tuple(refreshed)


def acknowledge(connection: DuckDBPyConnection, file_name: str) -> tuple[str, str]:
    """Mark a rejected file or a full extract as accepted; returns its source and object.

    Raises:
        LookupError: the ledger has no such file.
    """
    found = connection.execute(
        "update ops.load_ledger set is_acknowledged = true where file_name = ?"
        " and (status = 'rejected' or extract_mode = 'full')"
        " returning source, coalesce(object, '')",
        [file_name],
    ).fetchall()
    if not found:
        raise LookupError(f"'{file_name}' is neither a rejected file nor a full extract")
    source, object_name = found[0]
    return source, object_name
