"""Whole comparison of published databases."""

from __future__ import annotations

import duckdb

from tests.conftest import Installation

OPERATIONAL = {"fct_forecast_run": ["started_at", "duration_seconds"]}
"""Columns that tell of the run, not of the data."""


FORECASTS = {
    "fct_forecast_run", "fct_forecast", "mart_forecast_accuracy", "mart_forecast_summary",
    "fct_opportunity_score",
    "fct_lead_score", "mart_score_drift",
}  # fmt: skip
"""Tables that keep what was forecast as of earlier dates."""


def differing_marts(
    one: Installation, other: Installation, as_of: str | None = None
) -> dict[str, int]:
    """Marts whose rows differ between two installations, with the number of rows that do.

    With ``as_of``, forecasts of other dates are left out.
    """
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
        counts = {
            table: _difference(both, table, as_of if table in FORECASTS else None)
            for table in tables["one"]
        }
    return {table: count for table, count in counts.items() if count}


def _difference(both: duckdb.DuckDBPyConnection, table: str, as_of: str | None) -> int:
    ignored = OPERATIONAL.get(table)
    columns = f"* exclude ({', '.join(ignored)})" if ignored else "*"
    rows = f"where as_of_date = date '{as_of}'" if as_of else ""
    one, other = (f"select {columns} from {name}.marts.{table} {rows}" for name in ("one", "other"))
    row = both.execute(
        f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    ).fetchone()
    return row[0]
