"""What loading would do, found out by loading into a database aside that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, load_contracts
from orchestration.ingest import ledger
from orchestration.ingest.known import handled_files
from orchestration.ingest.landing import discover
from orchestration.ingest.plan import object_of, plan_of
from orchestration.ingest.raw_tables import create_table, stored_name, table_of
from orchestration.ingest.refused import RefusedGroup, Selection, refused_groups
from orchestration.ingest.run import IngestResult, Progress, ingest_landing
from orchestration.settings import Settings
from orchestration.warehouse import attach_warehouse, open_warehouse

_SHOWN_GROUPS = 20
_PATIENCE = 5.0  # seconds to wait for a busy warehouse: somebody looks on


@dataclass(frozen=True)
class Rehearsal:
    """What one run would do."""

    result: IngestResult
    refused: list[RefusedGroup]  # the largest groups of records that it would quarantine


def rehearse(
    settings: Settings, on_progress: Callable[[Progress], None] | None = None
) -> Rehearsal:
    """Load whatever is in landing, but into a temporary database.

    It knows of the warehouse what loading looks at: the ledger, and the versions of objects with
    files to load. Nothing below the home is written to. The warehouse is read at the beginning
    only, so no other run has to wait for the rest.

    Args:
        settings: where landing and the warehouse are.
        on_progress: is told when a file is begun and when it is done.

    Raises:
        ContractError: a contract is wrong.
        IngestError: a contract does not fit the raw table that exists.
        WarehouseBusyError: another run has the warehouse open.
    """
    with tempfile.TemporaryDirectory(prefix="salesops-") as folder:
        aside = Settings.model_validate(
            settings.model_dump() | {"home": Path(folder), "landing": settings.landing_folder}
        )
        with open_warehouse(aside) as connection:
            if settings.warehouse_file.exists():
                attach_warehouse(connection, settings, wait_seconds=_PATIENCE)
                _remember(connection, aside, load_contracts(settings))
                connection.execute("detach original")
            result = ingest_landing(aside, connection, on_progress)
            refused, _ = refused_groups(connection, Selection(), limit=_SHOWN_GROUPS)
    return Rehearsal(result, refused)


def _remember(
    connection: DuckDBPyConnection,
    settings: Settings,
    contracts: Mapping[tuple[str, str], Contract],
) -> None:
    ledger.create_tables(connection)
    existing = _columns(connection)
    for table in ("load_ledger", "schema_change"):
        if ("ops", table) in existing:
            connection.execute(f"insert into ops.{table} by name from original.ops.{table}")
    concerned = _concerned(connection, settings, contracts)
    for place, contract in contracts.items():
        columns = existing.get((contract.schema, stored_name(contract)))
        if columns:
            _remember_versions(connection, contract, columns, with_rows=place in concerned)


def _columns(connection: DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """Columns and their types, by schema and table of the warehouse."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'original' order by column_index"
    ).fetchall():
        found.setdefault((schema, table), {})[column] = kind
    return found


def _concerned(
    connection: DuckDBPyConnection, settings: Settings, contracts: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Objects with files to load, or with rejected ones, which may have been taken away."""
    landing = discover(settings.landing_folder, contracts)
    plan = plan_of(landing, contracts, handled_files(connection))
    rejected = connection.execute(
        "select source, object from ops.load_ledger where status = 'rejected'"
    ).fetchall()
    return {object_of(file) for file in plan.pending} | set(rejected)


def _remember_versions(
    connection: DuckDBPyConnection,
    contract: Contract,
    columns: Mapping[str, str],
    *,
    with_rows: bool,
) -> None:
    """A raw table with the same columns and, where they are looked at, the same rows."""
    create_table(connection, contract, columns)
    if with_rows:
        table = table_of(contract)
        connection.execute(f"insert into {table} from original.{table}")
