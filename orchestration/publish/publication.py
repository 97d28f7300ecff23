"""Audited warehouse -> published database, Parquet files and manifest, as one new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.contracts import load_contracts
from orchestration.publish.audit import require_passed
from orchestration.publish.checksum import combined, fingerprint
from orchestration.publish.contacts import contact_key, make_macros
from orchestration.publish.database import STORAGE_VERSION, verify, write_database, write_parquet
from orchestration.publish.functions import SCHEMA, Function, list_functions
from orchestration.publish.manifest import (
    Manifest,
    PublishedFunction,
    PublishedTable,
    describe_files,
    write_manifest,
)
from orchestration.publish.rollback import record_end, rollbacks, standing
from orchestration.publish.tables import Table, list_tables, literal, quoted
from orchestration.publish.versions import DATABASE_NAME, PARQUET_NAME, VersionStore
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

PASSING_COLUMNS = {"run_id", "modified_ns"}
"""Columns of schema ``ops`` that change while what they tell of stays the same."""


class MissingMartsError(RuntimeError):
    """The warehouse lacks marts that readers are promised."""


@dataclass(frozen=True)
class Publication:
    """The version that says what the warehouse says.

    ``is_new`` is false when it was there before. Readers see ``shown_version``: the same one,
    unless a rollback keeps them at another.
    """

    version: int
    shown_version: int
    as_of_date: dt.date | None
    is_new: bool
    tables: tuple[PublishedTable, ...]
    folder: Path


def publish(settings: Settings, *, run_id: str, marts: Collection[str]) -> Publication:
    """Publish the marts and the operational tables, if the run's blocking checks passed.

    The warehouse is held open meanwhile, so nothing changes under the copy and only one process
    publishes. No version is made when the one that readers see is whole and says the same. While a
    rollback stands, what is made is kept aside; one to a version that is no longer whole ends.

    Args:
        settings: Where the warehouse and the published folder are.
        run_id: The run whose checks in ``ops.check_result`` audited the warehouse.
        marts: Names of the tables and functions of schema ``marts`` to publish.

    Raises:
        NotAuditedError: a blocking check did not pass, or nothing was checked.
        MissingMartsError: a mart is not in the warehouse.
        ContactError: contact data cannot be hidden.
        StaleLogError: a write-ahead log lies beside a published database.
        VerificationError: the written copy differs from the warehouse.
        WarehouseBusyError: another process holds the warehouse.
    """
    store = VersionStore(settings.published_folder)
    with open_warehouse(settings) as warehouse, store.exclusive():
        require_passed(warehouse, run_id)
        store.refuse_stale_logs()
        make_macros(warehouse, contact_key(settings), _personal_fields(settings))
        tables, functions = _promised(warehouse, marts)
        draft = _draft(warehouse, tables, functions, run_id)
        newest = store.newest_intact()
        kept_at = _kept_at(store)
        shows_newest = newest is not None and newest.version == store.current_number()
        seen = newest if kept_at or shows_newest else store.current()
        if seen is not None and seen.content_checksum == draft.content_checksum:
            manifest = seen
        else:
            manifest = _build(warehouse, store, tables, functions, draft, newest)
        store.switch_to(kept_at or manifest.version)
        store.prune()
    return Publication(
        version=manifest.version,
        shown_version=kept_at or manifest.version,
        as_of_date=manifest.as_of_date,
        is_new=manifest is not seen,
        tables=manifest.tables,
        folder=store.folder(manifest.version),
    )


def _promised(
    warehouse: duckdb.DuckDBPyConnection, marts: Collection[str]
) -> tuple[list[Table], list[Function]]:
    """The tables and functions to publish; each mart is there."""
    tables = list_tables(warehouse, marts)
    functions = [function for function in list_functions(warehouse) if function.name in marts]
    there = {table.name for table in tables if table.schema == SCHEMA}
    missing = set(marts) - there - {function.name for function in functions}
    if missing:
        raise MissingMartsError(
            f"not in the warehouse: marts {', '.join(sorted(missing))}; build them, then publish"
        )
    return tables, functions


def _kept_at(store: VersionStore) -> int | None:
    """The version that a rollback keeps readers at, while it is whole."""
    rollback = standing(store)
    if rollback is not None and store.intact(rollback.version) is None:
        record_end(store)
        return None
    return rollback.version if rollback else None


def _build(
    warehouse: duckdb.DuckDBPyConnection,
    store: VersionStore,
    tables: list[Table],
    functions: list[Function],
    draft: Manifest,
    newest: Manifest | None,
) -> Manifest:
    """Make the next version's folder, complete and verified; readers do not see it yet."""
    draft = draft.model_copy(update={"version": store.next_number()})
    earlier = (store.folder(newest.version), newest) if newest else None
    with store.building() as folder:
        database = folder / DATABASE_NAME
        write_database(warehouse, database, tables, functions, draft, earlier, rollbacks(store))
        verify(database, draft.tables, functions)
        write_parquet(database, folder / PARQUET_NAME, draft.tables)
        manifest = draft.model_copy(update={"files": describe_files(folder)})
        write_manifest(folder, manifest)
        store.complete(folder, manifest.version)
    return manifest


def _draft(
    warehouse: duckdb.DuckDBPyConnection,
    tables: list[Table],
    functions: list[Function],
    run_id: str,
) -> Manifest:
    """The manifest of what the warehouse holds now, without number and files."""
    as_of = _as_of_date(warehouse)
    contents = tuple(_describe(warehouse, table) for table in tables)
    said = [str(as_of)]
    for table, content in zip(tables, contents, strict=True):
        described = [table.comment, *(column.comment for column in table.columns)]
        said.append(f"{table.full_name} {_said(warehouse, table, content, run_id)} {described}")
    said += [function.statements("publication") for function in functions]
    return Manifest(
        version=0,
        as_of_date=as_of,
        published_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        run_id=run_id,
        storage_version=STORAGE_VERSION,
        content_checksum=combined(said),
        tables=contents,
        functions=tuple(map(_describe_function, functions)),
        files=(),
    )


def _describe(warehouse: duckdb.DuckDBPyConnection, table: Table) -> PublishedTable:
    found = fingerprint(warehouse, table.rows)
    return PublishedTable(
        schema_name=table.schema,
        table_name=table.name,
        row_count=found.rows,
        checksum=found.checksum,
    )


def _describe_function(function: Function) -> PublishedFunction:
    return PublishedFunction(
        schema_name=SCHEMA,
        function_name=function.name,
        parameters=function.parameters,
        checksum=combined([*function.parameters, function.definition]),
    )


def _said(
    warehouse: duckdb.DuckDBPyConnection, table: Table, content: PublishedTable, run_id: str
) -> str:
    """Checksum of what a table says, so that a run in which nothing changed is known as one.

    In schema ``ops`` the run's id, every ``..._at``, a time of the wall clock, and what a file
    system says of a file say nothing; and of the checks only this run's count, because each run
    adds its own.
    """
    if table.schema == "marts":
        return content.checksum
    lasting = [
        quoted(column.name)
        for column in table.columns
        if column.name not in PASSING_COLUMNS and not column.name.endswith("_at")
    ]
    query = f"select {', '.join(lasting)} from ({table.rows})"
    if table.name == "check_result":
        query += f" where run_id = {literal(run_id)}"
    return fingerprint(warehouse, query).checksum


def _personal_fields(settings: Settings) -> list[str]:
    return sorted(
        {
            field.name
            for contract in load_contracts(settings).values()
            for field in contract.fields
            if field.is_personal
        }
    )


def _as_of_date(warehouse: duckdb.DuckDBPyConnection) -> dt.date | None:
    found = warehouse.execute("select as_of_date from intermediate.int_as_of_date").fetchone()
    return found[0] if found else None
