"""Checks in, results out: each table's expectations together, then what did not pass, closely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import Any

import duckdb

from orchestration.quality.check import Check, CheckResult, Expectation
from orchestration.quality.engine import ExpectationRunner
from orchestration.quality.money import affected_amount

SAMPLE_SIZE = 5


def run_checks(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> list[CheckResult]:
    """Run checks with Great Expectations inside DuckDB.

    Args:
        connection: An open connection to the database that has the tables; it stays open.
        checks: What to check, those of one table one after the other.

    Returns:
        One result for each check, in their order.
    """
    runner = ExpectationRunner(connection)
    try:
        return [
            result
            for _, group in groupby(checks, key=lambda check: check.table_name)
            for result in _check_table(runner, connection, list(group))
        ]
    finally:
        runner.close()


def _check_table(
    runner: ExpectationRunner, connection: duckdb.DuckDBPyConnection, checks: list[Check]
) -> list[CheckResult]:
    first = checks[0]
    if not _exists(connection, first):
        missing = f"{first.table_name} does not exist"
        return [CheckResult(check, "error", None, details=missing) for check in checks]
    has_rows = connection.execute(f"select exists (from {first.table_name})").fetchone() == (True,)
    judged = [e for check in checks for e in check.expectations if has_rows or not e.of_rows]
    try:
        passed = runner.passes(first, judged)
    except Exception:  # one of them cannot even be set up; looked at one by one it will say so
        passed = [False] * len(judged)
    suspects = {id(e) for e, holds in zip(judged, passed, strict=True) if not holds}
    return [
        _result(runner, connection, check, [e for e in check.expectations if id(e) in suspects])
        for check in checks
    ]


def _exists(connection: duckdb.DuckDBPyConnection, check: Check) -> bool:
    found = connection.execute(
        "select 1 from information_schema.tables where table_catalog = current_database()"
        " and table_schema = ? and table_name = ?",
        [check.schema, check.table],
    ).fetchone()
    return found is not None


def _result(
    runner: ExpectationRunner,
    connection: duckdb.DuckDBPyConnection,
    check: Check,
    suspects: Sequence[Expectation],
) -> CheckResult:
    """Look closely, one by one, at the expectations that did not pass together with the others."""
    failures: list[Failure] = []
    errors: list[str] = []
    for expectation in suspects:
        try:
            outcome = runner.explain(check, expectation)
            problem = _raised(outcome)
        except Exception as error:  # whatever it is, the data were not judged
            problem = str(error)
        if problem:
            errors.append(f"{expectation.promise}: {problem.splitlines()[0]}")
        elif not outcome.success:
            failures.append(_failure(check, expectation, outcome.result))
    if errors:
        return CheckResult(check, "error", None, details="; ".join(errors))
    queries = [failure.query for failure in failures if failure.query]
    keys = [key for query in queries for key in _sample_keys(connection, query)]
    return CheckResult(
        check,
        "failed" if failures else "passed",
        sum(failure.count for failure in failures),
        sample_keys=tuple(dict.fromkeys(keys))[:SAMPLE_SIZE],
        details="; ".join(f"not so: {failure.text}" for failure in failures),
        sql=";\n".join(queries),
        affected_amount=affected_amount(connection, check, queries),
    )


@dataclass(frozen=True)
class Failure:
    """One broken expectation."""

    count: int
    text: str
    query: str  # finds the rows that broke it; empty where no row did


def _raised(outcome: Any) -> str | None:
    """The message of an expectation that raised; None when it judged the data."""
    info = outcome.exception_info or {}
    parts = [info] if "raised_exception" in info else list(info.values())
    messages = [str(part["exception_message"]) for part in parts if part["raised_exception"]]
    return messages[0] if messages else None


def _failure(check: Check, expectation: Expectation, result: dict[str, Any]) -> Failure:
    if expectation.kind == "ExpectTableColumnsToMatchSet":
        missing = result["details"]["mismatched"]["missing"]
        return Failure(len(missing), f"{expectation.promise} ({', '.join(missing)})", "")
    if expectation.kind == "UnexpectedRowsExpectation":
        count = result["observed_value"]
        query = expectation.arguments["unexpected_rows_query"].format(batch=check.table_name)
    else:
        count = result["unexpected_count"]
        keys = ", ".join(f'"{column}"' for column in check.key_columns)
        query = f"select {keys} from {check.table_name} where {expectation.broken_where}"
    rows = "1 row" if count == 1 else f"{count} rows"
    return Failure(count, f"{expectation.promise} ({rows})", dedent(query).strip())


def _sample_keys(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    """A few of the rows that a query finds, by the columns that it selects."""
    found = connection.execute(f"select * from ({query}) order by all limit {SAMPLE_SIZE}")
    names = [column[0] for column in found.description or []]
    for row in found.fetchall():
        yield ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True))
