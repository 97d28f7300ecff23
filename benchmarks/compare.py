"""Whether contestants made the same tables, by value; no time is told before that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.ingest import sql

_TOLERANCE = 1e-9  # relative: sums of binary fractions depend on the order of the rows


class OutputsDifferError(RuntimeError):
    """Two contestants did not make the same tables; the message says which."""


@dataclass(frozen=True)
class Fingerprint:
    """What is compared of a table: it does not depend on the order of rows or columns."""

    rows: int
    exact: int  # digest of all values but binary fractions, row by row
    fractions: dict[str, tuple[int, float, float]]  # count, sum, and a sum that tells rows apart


def fingerprints_of_database(file: Path, schema: str = "marts") -> dict[str, Fingerprint]:
    """The tables and views of one schema of a database, by name."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = current_database() and table_schema = ?",
            [schema],
        ).fetchall()
        return {
            name: _fingerprint(connection, f"{sql.name(schema)}.{sql.name(name)}", {})
            for (name,) in tables
        }


def fingerprints_of_files(
    folder: Path, like: Path, tables: Sequence[str]
) -> dict[str, Fingerprint]:
    """Parquet files named after tables, their columns in the types of a database's marts."""
    with duckdb.connect(str(like), read_only=True) as connection:
        found = {}
        for name in tables:
            types = dict(
                connection.execute(
                    "select column_name, data_type from duckdb_columns()"
                    " where schema_name = 'marts' and table_name = ?",
                    [name],
                ).fetchall()
            )
            relation = f"read_parquet({sql.path(folder / f'{name}.parquet')})"
            found[name] = _fingerprint(connection, relation, types)
        return found


def check_same(
    expected: Mapping[str, Fingerprint], found: Mapping[str, Fingerprint], contestant: str
) -> None:
    """Every table that a contestant made is as expected.

    Raises:
        OutputsDifferError: it is not, or there is no such table to compare.
    """
    if not found:
        raise OutputsDifferError(f"{contestant} made nothing")
    for name, fingerprint in found.items():
        if name not in expected:
            raise OutputsDifferError(f"{contestant}: {name} is made by nobody else")
        difference = _difference(expected[name], fingerprint)
        if difference:
            raise OutputsDifferError(f"{contestant}: {name} differs: {difference}")


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, relation: str, types: Mapping[str, str]
) -> Fingerprint:
    described = connection.execute(f"describe from {relation}").fetchall()
    columns = types or {name: kind for name, kind, *_ in described}
    cast = ", ".join(f"{sql.name(n)}::{kind} as {sql.name(n)}" for n, kind in columns.items())
    fractions = sorted(name for name, kind in columns.items() if kind in ("DOUBLE", "FLOAT"))
    exact = [sql.name(name) for name in sorted(columns) if name not in fractions]
    digest = f"hash({', '.join(exact)})"
    sums = [
        f"count({name}), coalesce(sum({name}), 0), coalesce(sum({name} * ({digest} % 997)), 0)"
        for name in map(sql.name, fractions)
    ]
    ((rows, total, *values),) = connection.execute(
        f"select {', '.join(['count(*)', f'coalesce(sum({digest}::hugeint), 0)', *sums])}"
        f" from (select {cast} from {relation})"
    ).fetchall()
    triples = [tuple(values[place : place + 3]) for place in range(0, len(values), 3)]
    return Fingerprint(rows, int(total), dict(zip(fractions, triples, strict=True)))


def _difference(expected: Fingerprint, found: Fingerprint) -> str:
    if expected.rows != found.rows:
        return f"{found.rows:,} rows, {expected.rows:,} expected"
    if expected.exact != found.exact:
        return "its values are others"
    if expected.fractions.keys() != found.fractions.keys():
        return f"its fractions are {sorted(found.fractions)}, not {sorted(expected.fractions)}"
    for name, values in expected.fractions.items():
        if not all(map(_close, values, found.fractions[name])):
            return f"{name}: {found.fractions[name]}, {values} expected"
    return ""


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
