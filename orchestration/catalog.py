"""What Dagster's catalog says of a table beside its description: owner, columns, rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg
import duckdb

DATA_ENGINEERING, SALES_OPERATIONS = "team:data-engineering", "team:sales-operations"
"""Who answers for an asset: for extracts and what cleans them, and for what people decide on."""


def table_metadata(
    schema: str, table: str, columns: Iterable[dg.TableColumn]
) -> dict[str, str | dg.TableSchema]:
    """Metadata under the keys by which Dagster's catalog knows a table's name and columns."""
    return {
        "dagster/table_name": f"warehouse.{schema}.{table}",
        "dagster/column_schema": dg.TableSchema(columns=list(columns)),
    }


def table_column(name: str, kind: str, meaning: str, *, required: bool) -> dg.TableColumn:
    """A column as the catalog shows it; ``kind`` is its DuckDB type."""
    return dg.TableColumn(
        name, kind, meaning, constraints=dg.TableColumnConstraints(nullable=not required)
    )


def row_counts(warehouse: duckdb.DuckDBPyConnection, tables: Iterable[Sequence[str]]) -> list[int]:
    """Rows of each of ``tables``, which are pairs of schema and name; in their order."""
    counts = [f'(select count(*) from "{schema}"."{name}")' for schema, name in tables]
    return list(warehouse.execute(f"select {', '.join(counts)}").fetchall()[0]) if counts else []
