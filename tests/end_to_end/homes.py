"""Homes with a copy of what was published, altered."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb


def emptied(published: Path, home: Path, kept: set[str]) -> Path:
    """A home in whose published database every table is empty but those that are kept."""
    with duckdb.connect(str(published.resolve()), read_only=True) as database:
        tables = database.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    statements = [f"delete from {schema}.{name}" for schema, name in tables if name not in kept]
    return altered(published, home, ";".join(statements))


def altered(published: Path, home: Path, statements: str) -> Path:
    """A home with a copy of what was published, after some statements."""
    file = home / "published" / published.name
    file.parent.mkdir()
    shutil.copy(published, file)
    file.chmod(0o644)
    with duckdb.connect(str(file)) as database:
        database.execute(statements)
    return home
