"""How much money the rows that break a check are about."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from orchestration.quality.check import Check


def affected_amount(
    connection: duckdb.DuckDBPyConnection, check: Check, queries: Sequence[str]
) -> Decimal | None:
    """Sum of the absolute amounts of the rows that queries find, each row counting once.

    Marts are in the reporting currency, raw tables in the currencies of their records, where of the
    versions of a record the largest amount counts.

    Args:
        connection: The database that has the table.
        check: The check, whose table's amounts are meant.
        queries: What finds the rows; one that does not name them by their keys finds none.

    Returns:
        The amount; None when the table has no amounts, or no query names rows.
    """
    if not queries:
        return None
    amount = _amount_column(connection, check)
    keys = ", ".join(f'"{key}"' for key in check.key_columns)
    named = [
        f"select {keys} from ({query})"
        for query in queries
        if set(check.key_columns) <= _columns(connection, query)
    ]
    if amount is None or not named or not keys:
        return None
    same = " and ".join(f'broken."{k}" is not distinct from t."{k}"' for k in check.key_columns)
    found: list[tuple[Decimal | None]] = connection.execute(
        f"""
        select sum(amount)
        from (
            select max(abs(t."{amount}")) as amount
            from {check.table_name} as t
            where exists (select 1 from ({" union all ".join(named)}) as broken where {same})
            group by {", ".join(f't."{key}"' for key in check.key_columns)}
        )
        """
    ).fetchall()
    return found[0][0]


def _columns(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {name for name, *_ in connection.execute(f"describe {query}").fetchall()}


def _amount_column(connection: duckdb.DuckDBPyConnection, check: Check) -> str | None:
    """The table's column ``amount``, else its first one of that kind."""
    found = connection.execute(
        """
        select column_name from duckdb_columns()
        where database_name = current_database() and schema_name = ? and table_name = ?
            and data_type like 'DECIMAL%'
            and (column_name = 'amount' or column_name like '%\\_amount' escape '\\')
        order by column_name <> 'amount', column_index
        limit 1
        """,
        [check.schema, check.table],
    ).fetchall()
    return found[0][0] if found else None
