"""Whole comparison of published databases."""

from __future__ import annotations

import duckdb

from tests.conftest import Installation

OPERATIONAL = {"fct_forecast_run": ["started_at", "duration_seconds"]}
"""Columns that tell of the run, not of the data."""


def differing_marts(one: Installation, other: Installation) -> dict[str, int]:
    """Marts whose rows differ between two installations, with the number of rows that do."""
    with duckdb.connect() as both:
        both.execute(f"attach '{one.published.resolve()}' as one (read_only)")
        both.execute(f"attach '{other.published.resolve()}' as other (read_only)")
        tables = {
            name: [
                table
                for (table,) in both.execute(
                    "select table_name from duckdb_tables()"
                    " where database_name = ? and schema_name = 'marts' order by all",
                    [name],
                ).fetchall()
            ]
            for name in ("one", "other")
        }
        assert tables["one"] == tables["other"]
        assert len(tables["one"]) >= 16
        counts = {table: _difference(both, table) for table in tables["one"]}
    return {table: count for table, count in counts.items() if count}


def _difference(both: duckdb.DuckDBPyConnection, table: str) -> int:
    ignored = OPERATIONAL.get(table)
    columns = f"* exclude ({', '.join(ignored)})" if ignored else "*"
    one, other = (f"select {columns} from {name}.marts.{table}" for name in ("one", "other"))
    row = both.execute(
        f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    ).fetchone()
    return row[0]
