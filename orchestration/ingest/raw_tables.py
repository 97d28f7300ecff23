"""The raw tables: one per contract, one row per version of a record.

Each is a table that loading writes to, and a view of it that everyone else reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from hashlib import md5

from duckdb import DuckDBPyConnection

from orchestration.contracts import SALESFORCE_ID, Contract
from orchestration.ingest import sql
from orchestration.ingest.errors import IngestError

OWN_COLUMNS = {
    "_extra": "JSON",
    "_first_extract_date": "DATE",
    "_last_extract_date": "DATE",
    "_file_name": "VARCHAR",
    "_line_number": "BIGINT",
    "_loaded_at": "TIMESTAMP",
}
_JUDGED = {
    "_is_normalised": "BOOLEAN",
    "_reasons": "STRUCT(rule VARCHAR, reason VARCHAR)[]",
}
_STAGED, _BESIDE = "ingest_staged", "__staged"  # tables of one file's rows
_SEPARATOR = "chr(31)"  # between the values that are digested; no accepted value holds it
_LOAD_AGAIN = "move the warehouse file away and load landing again"


def table_of(contract: Contract) -> str:
    """The qualified name of the table that versions are written to."""
    return f"{sql.name(contract.schema)}.{sql.name(stored_name(contract))}"


def versions_of(contract: Contract) -> str:
    """The qualified name of what is read as the raw table: versions with their ``_row_hash``.

    It is a view, which computes the digest for who asks for it. Few do, and then of few rows;
    computed for all and kept, it would take as much time as all other values of a row.
    """
    return f"{sql.name(contract.schema)}.{sql.name(contract.table)}"


def stored_name(contract: Contract) -> str:
    """The name, within its schema, of the table that versions are written to."""
    return f"_{contract.table}"


def record_key(contract: Contract) -> str:
    """SQL of the key of a record as one text."""
    return " || '|' || ".join(f"{sql.name(column)}::VARCHAR" for column in contract.key_columns)


def content_number(contract: Contract) -> str:
    """SQL of a number that tells contents of one record apart.

    It is computed much faster than a digest, but differs between versions of DuckDB: it compares
    rows within a statement and is never kept.
    """
    columns = ", ".join(sql.name(field.column) for field in contract.fields)
    return f"hash({columns}, _extra)"


def create_raw_tables(connection: DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Make the raw tables that do not exist, and add the columns that contracts gained.

    Raises:
        IngestError: a column exists with another type, or a table was made before versions were
            kept as they are.
    """
    existing: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database()"
    ).fetchall():
        existing.setdefault((schema, table), {})[column] = kind
    for contract in contracts:
        columns = _columns_of(contract)
        if (contract.schema, _BESIDE) in existing:  # of a run that was killed
            drop_staged(connection, contract)
        found = existing.get((contract.schema, stored_name(contract)))
        if found is None:
            if (contract.schema, contract.table) in existing:
                raise IngestError(
                    f"{versions_of(contract)} is of an older warehouse: {_LOAD_AGAIN}"
                )
            create_table(connection, contract, columns)
        else:
            _add_columns(connection, contract, columns, found)


def create_table(
    connection: DuckDBPyConnection, contract: Contract, columns: Mapping[str, str]
) -> None:
    """Make a raw table, and the view by which it is read.

    Args:
        connection: the warehouse.
        contract: of which object.
        columns: with their types.
    """
    connection.execute(f"create schema if not exists {sql.name(contract.schema)}")
    connection.execute(f"create table {table_of(contract)} ({_listed(contract, columns)})")
    _create_view(connection, contract, columns)


def create_staged(connection: DuckDBPyConnection, contract: Contract) -> tuple[str, bool]:
    """Make a table for the rows of one file: a raw table's columns, and what is judged of a row.

    A first load is written once: while the raw table is empty, the table is made beside it, such
    that it can take its place. Otherwise it is a temporary one.

    Returns:
        Its name, and whether it can take the raw table's place.
    """
    is_first = not connection.execute(f"select 1 from {table_of(contract)} limit 1").fetchall()
    drop_staged(connection, contract)
    kind, table = ("table", _beside(contract)) if is_first else ("temp table", _STAGED)
    columns = _listed(contract, _columns_of(contract) | _JUDGED)
    connection.execute(f"create {kind} {table} ({columns})")
    return table, is_first


def drop_staged(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Remove what ``create_staged`` made, if it is still there."""
    for table in (_STAGED, _beside(contract)):
        connection.execute(f"drop table if exists {table}")


def replace_by_staged(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Let the table of a first file's rows take the place of the empty raw table."""
    staged = _beside(contract)
    for column in _JUDGED:
        connection.execute(f"alter table {staged} drop column {column}")
    connection.execute(f"drop table {table_of(contract)}")
    connection.execute(f"alter table {staged} rename to {sql.name(stored_name(contract))}")
    _create_view(connection, contract, _columns_of(contract))


def _columns_of(contract: Contract) -> dict[str, str]:
    return {field.column: field.type for field in contract.fields} | OWN_COLUMNS


def _beside(contract: Contract) -> str:
    return f"{sql.name(contract.schema)}.{_BESIDE}"


def _listed(contract: Contract, columns: Mapping[str, str]) -> str:
    """Columns and their types. Ids differ from row to row.

    ``zstd`` compresses them in half the time, to a third of the size of what DuckDB would choose.
    """
    ids = {field.column for field in contract.fields if field.format == SALESFORCE_ID}
    return ", ".join(
        f"{sql.name(column)} {kind}{' using compression zstd' if column in ids else ''}"
        for column, kind in columns.items()
    )


def _create_view(
    connection: DuckDBPyConnection, contract: Contract, columns: Collection[str]
) -> None:
    """The versions with a digest of all values that are not NULL, in the order of their names.

    Which columns they are of is digested too, as the sum of numbers that stand for their names.
    """
    content = sorted(set(columns) - OWN_COLUMNS.keys() | {"_extra"})
    filled = " + ".join(
        f"({sql.name(column)} is not null)::BIGINT * {_number_of(column)}" for column in content
    )
    values = ", ".join(f"{sql.name(column)}::VARCHAR" for column in content)
    connection.execute(
        f"""
        create or replace view {versions_of(contract)} as
        select *, md5(concat_ws({_SEPARATOR}, {filled}, {values})) as _row_hash
        from {table_of(contract)}
        """
    )


def _number_of(column: str) -> int:
    return int(md5(column.encode(), usedforsecurity=False).hexdigest()[:12], 16)


def _add_columns(
    connection: DuckDBPyConnection,
    contract: Contract,
    columns: Mapping[str, str],
    found: Mapping[str, str],
) -> None:
    for column, kind in columns.items():
        if column not in found:
            connection.execute(
                f"alter table {table_of(contract)} add column {sql.name(column)} {kind}"
            )
        elif found[column] != kind:
            raise IngestError(
                f"{versions_of(contract)}.{column} is {found[column]}, but {contract.path} says"
                f" {kind}: {_LOAD_AGAIN}"
            )
    if not columns.keys() <= found.keys():
        _create_view(connection, contract, {**found, **columns})


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
    connection.execute(
        f"""
        update {table_of(contract)} set
            _first_extract_date = least(_first_extract_date, $date),
            _last_extract_date = greatest(_last_extract_date, $date)
        where ({seen}) and (_first_extract_date > $date or _last_extract_date < $date)
        """,
        {"date": date},
    )
