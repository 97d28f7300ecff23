"""Checksums of tables that do not depend on row order, threads, machine or DuckDB's version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.publish.tables import quoted


@dataclass(frozen=True)
class Fingerprint:
    """Number of rows of a table and the checksum of its columns and content."""

    rows: int
    checksum: str


def fingerprint(connection: duckdb.DuckDBPyConnection, query: str) -> Fingerprint:
    """Count and sum up the rows of a query.

    Each row is written as a JSON list and hashed with MD5; the checksum is made of the sum of the
    hashes, the number of rows, and the names and types of the columns. Floating-point numbers count
    with 12 digits, because the last ones depend on the order in which threads added them up.
    """
    columns = connection.execute(f"describe {query}").fetchall()
    values = ", ".join(_stable(name, kind) for name, kind, *_ in columns)
    rows, sum_of_hashes = connection.execute(
        f"""
        select count(*), coalesce(sum(md5_number_lower(cast(json_array({values}) as varchar))), 0)
        from ({query})
        """
    ).fetchall()[0]
    parts = [*(f"{name} {kind}" for name, kind, *_ in columns), str(rows), str(sum_of_hashes)]
    return Fingerprint(rows=rows, checksum=combined(parts))


def combined(parts: Iterable[str]) -> str:
    """One checksum of several texts in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stable(column: str, data_type: str) -> str:
    # Adding zero makes -0.0 and 0.0 the same.
    name = quoted(column)
    return f"printf('%.11e', {name} + 0)" if data_type in ("DOUBLE", "FLOAT") else name
