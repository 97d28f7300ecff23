"""What is published: the marts that the project has, and chosen tables of schema ``ops``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from orchestration.publish.contacts import published_expression

OPS_TABLES = (
    "load_ledger",
    "quarantined_row",
    "schema_change",
    "check_result",
    "data_quality_summary",
)
# The text of a refused record is personal data that nobody could type, so it stays in the
# warehouse; file, line number and reasons are published.
WITHHELD_COLUMNS = {("quarantined_row", "raw_text")}


@dataclass(frozen=True)
class Column:
    """A published column."""

    name: str
    data_type: str
    expression: str
    comment: str | None


@dataclass(frozen=True)
class Table:
    """A published table or view; it is read from the warehouse and becomes a table."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        """Quoted name with its schema."""
        return f"{self.schema}.{quoted(self.name)}"

    @property
    def rows(self) -> str:
        """The query that gives what is published, over the warehouse."""
        columns = ", ".join(f"{c.expression} as {quoted(c.name)}" for c in self.columns)
        return f"select {columns} from {self.full_name}"


def quoted(identifier: str) -> str:
    """An SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def list_tables(warehouse: duckdb.DuckDBPyConnection, marts: Collection[str]) -> list[Table]:
    """What is to be published, in order of schema and name.

    Args:
        warehouse: Where the tables are.
        marts: Names of the marts; a table that an earlier state of the project has left in schema
            ``marts`` is no mart.

    Raises:
        ContactError: a column may hold contact data that cannot be hidden.
    """
    found = warehouse.execute(
        """
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = current_database()
        union all
        select schema_name, view_name, comment from duckdb_views()
        where database_name = current_database() and not internal
        order by all
        """
    ).fetchall()
    return [
        Table(schema, name, comment, _columns(warehouse, schema, name))
        for schema, name, comment in found
        if (schema == "marts" and name in marts) or (schema == "ops" and name in OPS_TABLES)
    ]


def _columns(warehouse: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple[Column, ...]:
    found = warehouse.execute(
        """
        select column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and schema_name = ? and table_name = ?
        order by column_index
        """,
        [schema, table],
    ).fetchall()
    return tuple(
        Column(name, data_type, published_expression(f"{schema}.{table}", name, data_type), comment)
        for name, data_type, comment in found
        if (table, name) not in WITHHELD_COLUMNS
    )
