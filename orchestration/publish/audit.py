"""Only what passed its audit is published."""

from __future__ import annotations

import duckdb


class NotAuditedError(RuntimeError):
    """The run's blocking checks did not all pass; what is published stays as it is."""


def require_passed(warehouse: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Refuse to publish unless every critical check of a run passed.

    A check that was repeated within the run counts with its last result.

    Raises:
        NotAuditedError: a critical check failed or could not be computed, none was made, or another
            run has checked the warehouse since this one began to.
    """
    if not _was_made(warehouse):
        raise NotAuditedError("ops.check_result does not exist: check the tables, then publish")
    results = warehouse.execute(
        """
        select check_name, table_name, severity, status, failed_count
        from ops.check_result
        where run_id = ?
        qualify row_number() over (
            partition by table_name, check_name order by checked_at desc
        ) = 1
        order by table_name, check_name
        """,
        [run_id],
    ).fetchall()
    if not any(table.startswith("marts.") for _, table, *_ in results):
        raise NotAuditedError(f"run {run_id} checked no mart: check the marts, then publish")
    others = warehouse.execute(
        """
        select run_id from ops.check_result
        where run_id <> $run and checked_at > (
            select min(checked_at) from ops.check_result where run_id = $run
        )
        order by checked_at desc
        limit 1
        """,
        {"run": run_id},
    ).fetchall()
    for (other,) in others:
        raise NotAuditedError(
            f"run {other} changed and checked the warehouse after run {run_id} had begun to:"
            " publish from it"
        )
    failures = [
        f"{table}: {check} "
        + ("could not be computed" if status == "error" else f"failed, rows: {count}")
        for check, table, severity, status, count in results
        if severity == "critical" and status != "passed"
    ]
    if failures:
        raise NotAuditedError(
            "nothing was published, because blocking checks did not pass: "
            + "; ".join(failures)
            + ". The last published version stays"
        )


def _was_made(warehouse: duckdb.DuckDBPyConnection) -> bool:
    found = warehouse.execute(
        """
        select 1 from duckdb_tables()
        where database_name = current_database()
            and schema_name = 'ops' and table_name = 'check_result'
        """
    ).fetchone()
    return found is not None
