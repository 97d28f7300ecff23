"""The published database and its Parquet files: written, closed, and verified by reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.publish.checksum import fingerprint
from orchestration.publish.functions import Function, list_functions, try_out
from orchestration.publish.manifest import Manifest, PublishedTable
from orchestration.publish.rollback import Rollback
from orchestration.publish.tables import Table, literal, quoted
from orchestration.publish.versions import DATABASE_NAME

STORAGE_VERSION = "v1.4.0"  # what clients of DuckDB 1.4 and later can open

_PUBLICATION_TABLES = """
create table publication.ops.publication (
    version integer,
    as_of_date date,
    published_at timestamp,
    run_id varchar,
    table_count bigint,
    row_count bigint,
    content_checksum varchar,
    file_sha256 varchar
);
comment on table publication.ops.publication is
    'One row per publication, the newest being this database. Times are UTC.';
comment on column publication.ops.publication.file_sha256 is
    'SHA-256 of the database file; NULL for this one: the manifest beside it has it.';
create table publication.ops.publication_table (
    version integer,
    schema_name varchar,
    table_name varchar,
    row_count bigint,
    checksum varchar
);
comment on table publication.ops.publication_table is
    'One row per publication and table, with a checksum of its content in any order of rows.';
create table publication.ops.rollback (
    version integer,
    from_version integer,
    rolled_back_at timestamp,
    ended_at timestamp
);
comment on table publication.ops.rollback is
    'One row per time that readers were taken back to an earlier version, as known when this '
    'version was made. Times are UTC.';
comment on column publication.ops.rollback.version is 'The version gone back to.';
comment on column publication.ops.rollback.from_version is 'The version seen before.';
comment on column publication.ops.rollback.rolled_back_at is 'UTC moment of the rollback.';
comment on column publication.ops.rollback.ended_at is
    'UTC moment from which on the newest version was shown again; NULL while it stood.';
"""


class VerificationError(RuntimeError):
    """What was written differs from the warehouse; nothing was published."""


def write_database(
    warehouse: duckdb.DuckDBPyConnection,
    file: Path,
    tables: list[Table],
    functions: list[Function],
    manifest: Manifest,
    earlier: tuple[Path, Manifest] | None,
    rollbacks: Sequence[Rollback],
) -> None:
    """Copy tables and functions with their comments into a new database file, and close it.

    Args:
        warehouse: Connection to the warehouse, with the macros of ``contacts``.
        file: The database to make.
        tables: What to copy.
        functions: Table macros over these tables.
        manifest: This publication, which becomes the newest row of ``ops.publication``.
        earlier: Folder and manifest of an earlier version, whose ``ops.publication`` is continued.
        rollbacks: What becomes ``ops.rollback``.
    """
    warehouse.execute(
        f"attach {literal(str(file))} as publication (storage_version '{STORAGE_VERSION}')"
    )
    try:
        warehouse.execute("create schema publication.marts; create schema publication.ops")
        for table in tables:
            _copy(warehouse, table)
        for function in functions:
            warehouse.execute(function.statements("publication"))
        warehouse.execute(_PUBLICATION_TABLES)
        if earlier is not None:
            _continue_history(warehouse, *earlier)
        _record(warehouse, manifest, rollbacks)
    finally:
        warehouse.execute("detach publication")


def _copy(warehouse: duckdb.DuckDBPyConnection, table: Table) -> None:
    target = f"publication.{table.full_name}"
    warehouse.execute(f"create table {target} as {table.rows}")
    if table.comment:
        warehouse.execute(f"comment on table {target} is {literal(table.comment)}")
    for column in table.columns:
        if column.comment:
            warehouse.execute(
                f"comment on column {target}.{quoted(column.name)} is {literal(column.comment)}"
            )


def _continue_history(
    warehouse: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest
) -> None:
    warehouse.execute(f"attach {literal(str(folder / DATABASE_NAME))} as earlier (read_only)")
    try:
        for table in ("publication", "publication_table"):
            warehouse.execute(
                f"insert into publication.ops.{table} by name from earlier.ops.{table}"
            )
    finally:
        warehouse.execute("detach earlier")
    warehouse.execute(
        "update publication.ops.publication set file_sha256 = ? where version = ?",
        [manifest.sha256_of(DATABASE_NAME), manifest.version],
    )


def _record(
    warehouse: duckdb.DuckDBPyConnection, manifest: Manifest, rollbacks: Sequence[Rollback]
) -> None:
    warehouse.execute(
        "insert into publication.ops.publication values (?, ?, ?, ?, ?, ?, ?, null)",
        [
            manifest.version,
            manifest.as_of_date,
            manifest.published_at.replace(tzinfo=None),
            manifest.run_id,
            len(manifest.tables),
            sum(table.row_count for table in manifest.tables),
            manifest.content_checksum,
        ],
    )
    warehouse.executemany(
        "insert into publication.ops.publication_table values (?, ?, ?, ?, ?)",
        [
            [manifest.version, table.schema_name, table.table_name, table.row_count, table.checksum]
            for table in manifest.tables
        ],
    )
    for rollback in rollbacks:
        times = (rollback.rolled_back_at, rollback.ended_at)
        warehouse.execute(
            "insert into publication.ops.rollback values (?, ?, ?, ?)",
            [
                rollback.version,
                rollback.from_version,
                *(time and time.replace(tzinfo=None) for time in times),
            ],
        )


def verify(file: Path, expected: tuple[PublishedTable, ...], functions: Sequence[Function]) -> None:
    """Open the closed database as a reader does and compare all there is with the warehouse's.

    Raises:
        VerificationError: a write-ahead log was left, the storage version is another, a table's
            rows or checksum differ, or a function is missing, takes something else, or cannot be
            called.
    """
    if file.with_name(f"{file.name}.wal").exists():
        raise VerificationError(f"{file}: closed, but its write-ahead log is still there")
    with duckdb.connect(str(file), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        written = reader.execute(
            "select tags['storage_version'] from duckdb_databases()"
            " where database_name = current_database()"
        ).fetchall()[0][0]
        if not str(written).startswith(STORAGE_VERSION):
            raise VerificationError(f"{file}: storage version {written}, not {STORAGE_VERSION}")
        for table in expected:
            name = f"{table.schema_name}.{quoted(table.table_name)}"
            found = fingerprint(reader, f"select * from {name}")
            if (found.rows, found.checksum) != (table.row_count, table.checksum):
                raise VerificationError(
                    f"{name}: the warehouse has {table.row_count} rows with checksum"
                    f" {table.checksum}, the copy {found.rows} with {found.checksum}"
                )
        _verify_functions(reader, functions)


def _verify_functions(reader: duckdb.DuckDBPyConnection, expected: Sequence[Function]) -> None:
    found = {function.name: function for function in list_functions(reader)}
    for function in expected:
        if found.get(function.name) != function:
            raise VerificationError(
                f"{function.full_name}: the copy is missing, or takes or says something else"
            )
        try:
            try_out(reader, function)
        except duckdb.Error as error:
            raise VerificationError(
                f"{function.full_name}: a reader cannot call it, because it is not of published"
                f" tables alone: {error}"
            ) from error


def write_parquet(file: Path, folder: Path, tables: tuple[PublishedTable, ...]) -> None:
    """Write each mart of the closed database to ``<folder>/<table>.parquet``.

    Raises:
        VerificationError: a Parquet file holds another number of rows than its table.
    """
    folder.mkdir()
    with duckdb.connect(str(file), read_only=True) as reader:
        for table in tables:
            if table.schema_name != "marts":
                continue
            target = literal(str(folder / f"{table.table_name}.parquet"))
            reader.execute(
                f"copy marts.{quoted(table.table_name)} to {target}"
                " (format parquet, compression zstd)"
            )
            rows = reader.execute(f"select count(*) from read_parquet({target})").fetchall()[0][0]
            if rows != table.row_count:
                raise VerificationError(
                    f"{table.table_name}.parquet: {rows} rows, not {table.row_count}"
                )
