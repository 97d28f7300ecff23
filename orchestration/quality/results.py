"""Results of checks, kept run by run in ``ops.check_result``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from orchestration.contracts import load_contracts
from orchestration.quality.check import Check, CheckResult
from orchestration.quality.history import profile_extracts, profile_marts
from orchestration.quality.validate import run_checks
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_TABLE = """
create schema if not exists ops;
create table if not exists ops.check_result (
    run_id varchar,
    checked_at timestamp,
    as_of_date date,
    table_name varchar,
    check_name varchar,
    description varchar,
    severity varchar,
    status varchar,
    failed_count bigint,
    sample_keys varchar[],
    details varchar,
    failing_query varchar,
    failing_since date
);
alter table ops.check_result add column if not exists affected_amount decimal(38, 2);
comment on table ops.check_result is 'One row per check and run; a check repeated within a run has '
    'a row for each time.';
comment on column ops.check_result.status is
    'passed; failed: rows broke it; error: it could not be computed.';
comment on column ops.check_result.failed_count is
    'Rows that broke an expectation, a row counting once for each.';
comment on column ops.check_result.failing_query is 'Finds all rows that broke the check.';
comment on column ops.check_result.failing_since is
    'Business date of the first run of the present row of runs in which it did not pass.';
comment on column ops.check_result.affected_amount is
    'Money of the rows that broke it, in the reporting currency, for raw tables in the currencies '
    'of their records; NULL where that cannot be said.';
"""

_BUSINESS_DATE = {
    "raw": "select max(extract_date) from ops.load_ledger where status in ('loaded', 'unchanged')",
    "marts": "select as_of_date from intermediate.int_as_of_date",
}


def check_and_record(settings: Settings, checks: Sequence[Check], run_id: str) -> list[CheckResult]:
    """Run checks on the warehouse and keep their results; the warehouse is closed afterwards.

    Before, the tables are measured, for the checks that hold them against their own past.

    Args:
        settings: Where the warehouse is.
        checks: What to check, all of raw tables or all of marts, table by table.
        run_id: The run that the results belong to.

    Returns:
        One result for each check, in their order.

    Raises:
        WarehouseBusyError: another process holds the warehouse.
    """
    if not checks:
        return []
    with open_warehouse(settings) as warehouse:
        stage = "marts" if checks[0].schema == "marts" else "raw"
        as_of = warehouse.execute(_BUSINESS_DATE[stage]).fetchall()[0][0]
        if stage == "marts":
            profile_marts(warehouse, dict.fromkeys(check.table for check in checks), as_of)
        else:
            profile_extracts(warehouse, load_contracts(settings).values())
        results = run_checks(warehouse, checks)
        return record(warehouse, results, run_id, as_of)


def record(
    warehouse: duckdb.DuckDBPyConnection,
    results: Sequence[CheckResult],
    run_id: str,
    as_of: dt.date | None,
) -> list[CheckResult]:
    """Append results to ``ops.check_result``, all of them or none; they know since when."""
    warehouse.execute(_TABLE)
    earlier = _failing_since(warehouse, run_id)
    checked_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    dated = [
        replace(r, failing_since=earlier.get((r.check.table_name, r.check.name), as_of))
        if r.status != "passed"
        else r
        for r in results
    ]
    rows = [
        [
            run_id,
            checked_at,
            as_of,
            result.check.table_name,
            result.check.name,
            result.check.description,
            result.check.severity,
            result.status,
            result.failed_count,
            list(result.sample_keys),
            result.details or None,
            result.sql or None,
            result.failing_since,
            result.affected_amount,
        ]
        for result in dated
    ]
    warehouse.begin()
    warehouse.executemany(
        f"insert into ops.check_result values ({', '.join('?' * len(rows[0]))})", rows
    )
    warehouse.commit()
    return dated


def _failing_since(
    warehouse: duckdb.DuckDBPyConnection, run_id: str
) -> dict[tuple[str, str], dt.date | None]:
    """Since when checks fail that failed in the run before this one, by table and check."""
    found = warehouse.execute(
        """
        select table_name, check_name, failing_since
        from ops.check_result
        where run_id <> ?
        qualify row_number() over (
            partition by table_name, check_name order by checked_at desc
        ) = 1 and status <> 'passed'
        """,
        [run_id],
    ).fetchall()
    return {(table, check): since for table, check, since in found}
