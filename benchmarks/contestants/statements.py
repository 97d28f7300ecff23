"""Runs SQL statements from a file, one after the other in one connection, and nothing else.

``python statements.py FILE DATABASE MEMORY_LIMIT``; it imports DuckDB alone, for it is timed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb


def main(file: str, database: str, memory_limit: str) -> None:
    """Run the statements of a JSON file in a database."""
    connection = duckdb.connect(database, config={"memory_limit": memory_limit, "threads": 2})
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    for statement in json.loads(Path(file).read_text(encoding="utf-8")):
        connection.execute(statement)
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
