"""The quality of the latest run as one HTML file: no script, nothing from a network, all escaped.

It is read from the warehouse, so it tells of a run that failed, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.report.html import Table, plain_table, render, written
from orchestration.settings import Settings
from orchestration.warehouse import read_warehouse

_LAST_RUN = "(select run_id from ops.check_result order by checked_at desc limit 1)"

_CHECKS = f"""
select * from ops.check_result
where run_id = {_LAST_RUN}
qualify row_number() over (partition by table_name, check_name order by checked_at desc) = 1
"""


@dataclass(frozen=True)
class Failure:
    """A check that did not pass, as text; `keys` are those of some rows that broke it."""

    severity: str
    table: str
    what: str
    why: str
    rows: str
    money: str
    since: str
    keys: tuple[str, ...]
    query: str | None


def quality_report_file(settings: Settings) -> Path:
    """Where the report of the latest run lies."""
    return settings.home / "reports" / "quality.html"


def write_quality_report(settings: Settings, verdict: str, *, failed: bool) -> Path:
    """Write the report of the run that checked the warehouse last.

    Args:
        settings: Where the warehouse and the reports are.
        verdict: What became of the run, in a sentence.
        failed: Whether it failed.

    Raises:
        NoWarehouseError: nothing was ever loaded.
        WarehouseBusyError: another process holds the warehouse.
    """
    with read_warehouse(settings) as warehouse:
        text = _page(warehouse, verdict, failed=failed)
    file = quality_report_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    return draft.replace(file)


def _page(warehouse: duckdb.DuckDBPyConnection, verdict: str, *, failed: bool) -> str:
    is_checked = _exists(warehouse, "check_result")
    return render(
        "quality.html.j2",
        verdict=verdict,
        failed=failed,
        is_checked=is_checked,
        overview=_overview(warehouse) if is_checked else None,
        failures=_failures(warehouse) if is_checked else [],
        sections=[
            (title, plain_table(headings, warehouse.execute(query).fetchall()))
            for title, table, headings, query in _SECTIONS
            if _exists(warehouse, table)
        ],
    )


_SECTIONS = (
    (
        "Files that were rejected",
        "load_ledger",
        ("File", "Why"),
        "select file_name, error from ops.load_ledger"
        " where status = 'rejected' and not is_acknowledged order by all",
    ),
    (
        "What is wrong in the sources, and the money it touches",
        "data_quality_summary",
        ("Severity", "Source", "Object", "Check", "Rows", "Money", "", "For example"),
        "select severity, source, object, check_name || ': ' || description, rows_affected,"
        " amount_affected, currency_code, concat_ws(', ', first_example, second_example)"
        " from ops.data_quality_summary order by abs(amount_affected) desc nulls last, 3, 4",
    ),
    (
        "What is unlike its own past",
        "table_profile",
        ("Table", "Measure", "Column", "Value", "Usual", "Tolerance"),
        "select table_name, metric, column_name, value, usual_value, tolerance"
        " from ops.table_profile where is_newest and is_unusual order by all",
    ),
)


def _overview(warehouse: duckdb.DuckDBPyConnection) -> Table | None:
    """What the run checked, in a row; None where it checked nothing."""
    counts = warehouse.execute(
        "select run_id, max(as_of_date), max(checked_at), count(*),"
        " count(*) filter (status = 'passed'),"
        " count(*) filter (status <> 'passed' and severity = 'critical'),"
        f" count(*) filter (status <> 'passed' and severity = 'warning') from ({_CHECKS})"
        " group by run_id"
    ).fetchall()
    for run_id, as_of, checked_at, total, passed, critical, warnings in counts:
        checked = f"{checked_at:%Y-%m-%d %H:%M} UTC"
        return plain_table(
            (
                "Business date", "Checked", "Checks", "Passed", "Critical failures", "Warnings",
                "Run",
            ),
            [(as_of, checked, total, passed, critical, warnings, run_id)],
        )  # fmt: skip
    return None


def _failures(warehouse: duckdb.DuckDBPyConnection) -> list[Failure]:
    """The checks that did not pass, critical ones and those about most money first."""
    rows = warehouse.execute(
        "select severity, status = 'error', table_name, check_name,"
        " concat_ws(' ', description, details), failed_count, affected_amount, failing_since,"
        f" sample_keys, failing_query from ({_CHECKS})"
        " where status <> 'passed' order by severity, abs(affected_amount) desc nulls last, 3, 4"
    ).fetchall()
    return [
        Failure(
            severity,
            table,
            f"{check} {'could not be computed' if is_error else 'failed'}",
            why,
            written(rows_failed),
            written(amount),
            written(since),
            tuple(keys or ()),
            query,
        )
        for (
            severity, is_error, table, check, why, rows_failed, amount, since, keys, query,
        ) in rows
    ]  # fmt: skip


def _exists(warehouse: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = warehouse.execute(
        "select 1 from information_schema.tables where table_catalog = current_database()"
        " and table_schema = 'ops' and table_name = ?",
        [table],
    ).fetchall()
    return bool(found)
