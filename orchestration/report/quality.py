"""The quality of the latest run as one HTML file: no script, nothing from a network, all escaped.

It is read from the warehouse, so it tells of a run that failed, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import duckdb

from orchestration.settings import Settings
from orchestration.warehouse import read_warehouse

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #c0392b; --warn: #b9770e; --good: #1e8449; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #f5c26b; --good: #7ddc9b; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
         border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.number, th.number { text-align: right; }
th, td.number, td.critical, td.warning { white-space: nowrap; overflow-wrap: normal; }
pre { white-space: pre-wrap; margin: .3rem 0; } summary { cursor: pointer; }
.critical, .error { color: var(--bad); font-weight: 600; } .warning { color: var(--warn); }
.passed { color: var(--good); }
@media print { body { margin: 0; max-width: none; } details > * { display: block; } }
"""

_LAST_RUN = "(select run_id from ops.check_result order by checked_at desc limit 1)"

_CHECKS = f"""
select * from ops.check_result
where run_id = {_LAST_RUN}
qualify row_number() over (partition by table_name, check_name order by checked_at desc) = 1
"""


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
    parts = [f'<p class="{"critical" if failed else "passed"}">{escape(verdict)}</p>']
    if _exists(warehouse, "check_result"):
        parts += [_overview(warehouse), _failures(warehouse)]
    parts += [
        _section(warehouse, title, headings, query)
        for title, table, headings, query in _SECTIONS
        if _exists(warehouse, table)
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Data quality</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>Data quality of the latest run</h1>\n{''.join(parts)}</body></html>\n"
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


def _overview(warehouse: duckdb.DuckDBPyConnection) -> str:
    counts = warehouse.execute(
        "select run_id, max(as_of_date), max(checked_at), count(*),"
        " count(*) filter (status = 'passed'),"
        " count(*) filter (status <> 'passed' and severity = 'critical'),"
        f" count(*) filter (status <> 'passed' and severity = 'warning') from ({_CHECKS})"
        " group by run_id"
    ).fetchall()
    if not counts:
        return "<p>Nothing was checked yet.</p>"
    run_id, as_of, checked_at, total, passed, critical, warnings = counts[0]
    return _table(
        ("Business date", "Checked", "Checks", "Passed", "Critical failures", "Warnings", "Run"),
        [(as_of, f"{checked_at:%Y-%m-%d %H:%M} UTC", total, passed, critical, warnings, run_id)],
    )


def _failures(warehouse: duckdb.DuckDBPyConnection) -> str:
    rows = warehouse.execute(
        "select severity, status, table_name, check_name, description, details, failed_count,"
        f" affected_amount, failing_since, sample_keys, failing_query from ({_CHECKS})"
        " where status <> 'passed' order by severity, abs(affected_amount) desc nulls last, 3, 4"
    ).fetchall()
    if not rows:
        return "<h2>Checks that did not pass</h2><p>Every check passed.</p>"
    lines = "".join(_failure(*row) for row in rows)
    headings = "".join(
        f'<th class="{"number" if name in ("Rows", "Money") else ""}">{name}</th>'
        for name in ("Severity", "Table", "Check", "Rows", "Money", "Since")
    )
    return (
        f"<h2>Checks that did not pass</h2><table><thead><tr>{headings}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _failure(
    severity: str,
    status: str,
    table: str,
    check: str,
    promise: str,
    details: str | None,
    rows: int | None,
    amount: object,
    since: dt.date | None,
    keys: Sequence[str],
    query: str | None,
) -> str:
    how = "could not be computed" if status == "error" else "failed"
    inside = "".join(f"<li>{escape(key)}</li>" for key in keys or [])
    found = f"<pre>{escape(query)}</pre>" if query else ""
    return (
        f'<tr><td class="{escape(severity)}">{escape(severity)}</td><td>{escape(table)}</td>'
        f"<td><details open><summary>{escape(check)} {how}</summary>"
        f"<p>{escape(promise or '')} {escape(details or '')}</p><ul>{inside}</ul>{found}</details>"
        f"</td>{_cell(rows)}{_cell(amount)}<td>{escape(str(since or ''))}</td></tr>"
    )


def _section(
    warehouse: duckdb.DuckDBPyConnection, title: str, headings: Sequence[str], query: str
) -> str:
    rows = warehouse.execute(query).fetchall()
    body = _table(headings, rows) if rows else "<p>None.</p>"
    return f"<h2>{escape(title)}</h2>{body}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, (str, dt.date)):
        return f"<td>{escape(str(value))}</td>"
    return f'<td class="number">{value:,}</td>'


def _exists(warehouse: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = warehouse.execute(
        "select 1 from information_schema.tables where table_catalog = current_database()"
        " and table_schema = 'ops' and table_name = ?",
        [table],
    ).fetchall()
    return bool(found)
