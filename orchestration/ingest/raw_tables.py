"""The raw tables: one per contract, one row per version of a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.errors import IngestError

OWN_COLUMNS = {
    "_extra": "JSON",
    "_row_hash": "VARCHAR",
    "_first_extract_date": "DATE",
    "_last_extract_date": "DATE",
    "_file_name": "VARCHAR",
    "_line_number": "BIGINT",
    "_loaded_at": "TIMESTAMP",
}
# An update in place keeps every old value in memory; more rows than this are written anew.
MAX_UPDATED_ROWS = 1_000_000


def table_of(contract: Contract) -> str:
    """The raw table's qualified name."""
    return f"{sql.name(contract.schema)}.{sql.name(contract.table)}"


def record_key(contract: Contract) -> str:
    """SQL of the key of a record as one text."""
    return " || '|' || ".join(f"{sql.name(column)}::VARCHAR" for column in contract.key_columns)


def create_raw_tables(connection: DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Make the raw tables that do not exist, and add the columns that contracts gained.

    Raises:
        IngestError: a column exists with another type.
    """
    existing: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database()"
    ).fetchall():
        existing.setdefault((schema, table), {})[column] = kind
    for contract in contracts:
        columns = {field.column: field.type for field in contract.fields} | OWN_COLUMNS
        found = existing.get((contract.schema, contract.table))
        if found is None:
            listed = ", ".join(f"{sql.name(column)} {kind}" for column, kind in columns.items())
            connection.execute(f"create schema if not exists {sql.name(contract.schema)}")
            connection.execute(f"create table {table_of(contract)} ({listed})")
        else:
            _add_columns(connection, contract, columns, found)


def _add_columns(
    connection: DuckDBPyConnection,
    contract: Contract,
    columns: Mapping[str, str],
    found: Mapping[str, str],
) -> None:
    table = table_of(contract)
    for column, kind in columns.items():
        if column not in found:
            connection.execute(f"alter table {table} add column {sql.name(column)} {kind}")
        elif found[column] != kind:
            raise IngestError(
                f"{table}.{column} is {found[column]}, but {contract.path} says {kind}: move the"
                " warehouse file away and load landing again"
            )


def extend_dates(
    connection: DuckDBPyConnection, contract: Contract, date: dt.date, seen: str
) -> None:
    """Note that versions were seen in an extract of ``date``.

    Args:
        connection: the warehouse, in a transaction.
        contract: whose raw table.
        date: the extract date.
        seen: SQL condition over the raw table that holds for these versions.
    """
    table = table_of(contract)
    first, last = "least(_first_extract_date, $date)", "greatest(_last_extract_date, $date)"
    stale = f"({seen}) and (_first_extract_date > $date or _last_extract_date < $date)"
    count = sql.count(connection, f"{table} where {stale}", {"date": date})
    if count > MAX_UPDATED_ROWS:
        connection.execute(
            f"""
            create table {sql.name(contract.schema)}."_rewritten" as
            select * replace (
                case when {stale} then {first} else _first_extract_date end as _first_extract_date,
                case when {stale} then {last} else _last_extract_date end as _last_extract_date
            )
            from {table}
            """,
            {"date": date},
        )
        connection.execute(f"drop table {table}")
        connection.execute(
            f'alter table {sql.name(contract.schema)}."_rewritten"'
            f" rename to {sql.name(contract.table)}"
        )
    elif count:
        connection.execute(
            f"update {table} set _first_extract_date = {first}, _last_extract_date = {last}"
            f" where {stale}",
            {"date": date},
        )
