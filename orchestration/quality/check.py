"""What a check is: a group of expectations on one table, with a name that reads as a promise.

Checks are described without Great Expectations, whose import takes seconds, so that Dagster can
list them; :mod:`orchestration.quality.validate` makes the expectations and runs them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Severity = Literal["critical", "warning"]
Status = Literal["passed", "failed", "error"]


@dataclass(frozen=True)
class Expectation:
    """One expectation: its class in Great Expectations and the arguments to make it with.

    ``broken_where`` is the SQL condition that the rows which break it meet, so that they can be
    found; empty where no single row breaks it, or the arguments hold a query of their own.
    """

    kind: str
    arguments: Mapping[str, Any]
    promise: str  # what it says, for people
    broken_where: str = ""
    of_rows: bool = True  # whether a table without rows keeps it for certain


@dataclass(frozen=True)
class Check:
    """A promise about one table; broken, it blocks ('critical') or is reported ('warning')."""

    schema: str
    table: str
    name: str
    description: str
    severity: Severity
    key_columns: tuple[str, ...]  # what names a failing row
    expectations: tuple[Expectation, ...]

    @property
    def table_name(self) -> str:
        """Table with its schema, as in ``ops.check_result``."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class CheckResult:
    """How a check ended.

    ``failed_count`` is the number of rows that broke an expectation, a row counting once for each;
    None when the check could not be computed. ``sample_keys`` names a few of them, as
    ``column=value``; ``sql`` finds them all. ``affected_amount`` is the money in the table's first
    column of amounts that these rows have, None where that cannot be said; ``failing_since`` is the
    business date from which on the check fails in every run.
    """

    check: Check
    status: Status
    failed_count: int | None = 0
    sample_keys: tuple[str, ...] = ()
    details: str = ""
    sql: str = ""
    affected_amount: Decimal | None = None
    failing_since: dt.date | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing that is made from the table may go on."""
        return self.status != "passed" and self.check.severity == "critical"


def has_columns(columns: Sequence[str]) -> Expectation:
    """The table has these columns; others may be there too."""
    return Expectation(
        "ExpectTableColumnsToMatchSet",
        {"column_set": list(columns), "exact_match": False},
        "every column is there",
        of_rows=False,
    )


def not_null(column: str) -> Expectation:
    """Every row has a value."""
    return Expectation(
        "ExpectColumnValuesToNotBeNull",
        {"column": column},
        f"{column} is there",
        f'"{column}" is null',
    )


def one_of(column: str, values: Sequence[str]) -> Expectation:
    """Every value is one of these, or missing."""
    return Expectation(
        "ExpectColumnValuesToBeInSet",
        {"column": column, "value_set": list(values)},
        f"{column} is one of {', '.join(values)}",
        f'"{column}" not in ({", ".join(map(_literal, values))})',
    )


def between(column: str, minimum: Any = None, maximum: Any = None) -> Expectation:
    """Every value lies within the bounds, which are inclusive, or is missing."""
    return Expectation(
        "ExpectColumnValuesToBeBetween",
        {"column": column, "min_value": minimum, "max_value": maximum},
        f"{column} is {_range(minimum, maximum)}",
        _outside(f'"{column}"', minimum, maximum),
    )


def length_between(
    column: str, shortest: int | None = None, longest: int | None = None
) -> Expectation:
    """Every text has so many characters, or is missing."""
    return Expectation(
        "ExpectColumnValueLengthsToBeBetween",
        {"column": column, "min_value": shortest, "max_value": longest},
        f"the length of {column} is {_range(shortest, longest)}",
        _outside(f'length("{column}")', shortest, longest),
    )


def unique_together(columns: Sequence[str]) -> Expectation:
    """No two rows agree in all of these columns; missing values agree with each other."""
    names = _listed(columns)
    return no_rows(
        f"select {names} from {{table}} group by {names} having count(*) > 1",
        f"{' and '.join(columns)} are unique",
        of_rows=True,
    )


def no_row_where(condition: str, key_columns: Sequence[str], promise: str) -> Expectation:
    """No row meets an SQL condition over the table's columns."""
    query = f"select {_listed(key_columns)} from {{table}} where {condition}"
    return no_rows(query, promise, of_rows=True)


def no_rows(query: str, promise: str, *, of_rows: bool = False) -> Expectation:
    """A query over ``{table}`` finds nothing; the columns that it selects name what is wrong."""
    parts = [part.replace("{", "{{").replace("}", "}}") for part in query.split("{table}")]
    return Expectation(
        "UnexpectedRowsExpectation",
        {"unexpected_rows_query": "{batch}".join(parts)},
        promise,
        of_rows=of_rows,
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _range(minimum: Any, maximum: Any) -> str:
    if maximum is None:
        return f"{minimum} or more"
    if minimum is None:
        return f"{maximum} or less"
    return str(minimum) if minimum == maximum else f"from {minimum} to {maximum}"


def _outside(value: str, minimum: Any, maximum: Any) -> str:
    below = [] if minimum is None else [f"{value} < {_literal(minimum)}"]
    above = [] if maximum is None else [f"{value} > {_literal(maximum)}"]
    return " or ".join(below + above)


def _literal(value: Any) -> str:
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
