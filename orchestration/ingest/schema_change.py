"""What the columns of extracts differ in from their contracts."""

from __future__ import annotations

import datetime as dt

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest.layout import Layout

NEW, MISSING = "new column, kept in _extra", "missing column, NULL in this extract"


def note_schema_changes(
    connection: DuckDBPyConnection, contract: Contract, layout: Layout, extract_date: dt.date
) -> list[str]:
    """Write to ``ops.schema_change`` what a file has too much or too little; returns it as text."""
    changes = [(name, NEW) for name, _ in layout.unknown]
    changes += [(field.name, MISSING) for field in layout.missing]
    for column, change in changes:
        place = [contract.source, contract.object, column, change]
        noted = connection.execute(
            """
            update ops.schema_change set
                first_extract_date = least(first_extract_date, ?),
                last_extract_date = greatest(last_extract_date, ?)
            where source = ? and object = ? and column_name = ? and change = ?
            returning 1
            """,
            [extract_date, extract_date, *place],
        ).fetchall()
        if not noted:
            connection.execute(
                "insert into ops.schema_change values (?, ?, ?, ?, ?, ?)",
                [*place, extract_date, extract_date],
            )
    return [
        f"{change}: {', '.join(name for name, other in changes if other == change)}"
        for change in (NEW, MISSING)
        if any(other == change for _, other in changes)
    ]
