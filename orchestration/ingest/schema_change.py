"""What the columns of extracts differ in from their contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import SequenceMatcher

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, ContractField, folded_name
from orchestration.ingest.layout import Layout
from orchestration.ingest.staging import REFUSED, Staged

NEW, MISSING = "new column, kept in _extra", "missing column, NULL in this extract"
RENAMED = (
    "perhaps a renamed column: {} is missing. It is kept in _extra; if it is the same, declare it"
    " as an alias"
)
RETYPED = "retyped column, half of its values or more are not {}"
_SIMILAR = 0.75  # from 0 to 1: names that are more alike may be one name changed
_SHORTEST_PART = 4  # characters of a name that another may contain by being the same one
_RETYPED_SHARE = 0.5
_TYPE_RULES = (  # ends of the names of rules that a value breaks which is not of the column's type
    "is_true_or_false", "is_a_number", "fits_its_digits", "is_a_date", "is_a_date_and_time",
    "has_a_time_zone",
)  # fmt: skip


def note_schema_changes(
    connection: DuckDBPyConnection,
    contract: Contract,
    layout: Layout,
    staged: Staged,
    extract_date: dt.date,
) -> list[str]:
    """Write to ``ops.schema_change`` what is new, missing, renamed or retyped; returns it as text.

    A file is compared with its contract, not with the file before it, so the order in which files
    are loaded does not matter.
    """
    changes = [*_columns_changed(contract, layout), *_types_changed(connection, contract, staged)]
    for column, change in changes:
        place = [contract.source, contract.object, column, change]
        noted = connection.execute(
            """
            update ops.schema_change set
                first_extract_date = least(first_extract_date, ?),
                last_extract_date = greatest(last_extract_date, ?)
            where source = ? and object = ? and column_name = ? and change = ?
            returning 1
            """,
            [extract_date, extract_date, *place],
        ).fetchall()
        if not noted:
            connection.execute(
                "insert into ops.schema_change values (?, ?, ?, ?, ?, ?)",
                [*place, extract_date, extract_date],
            )
    columns: dict[str, list[str]] = {}
    for column, change in changes:
        columns.setdefault(change, []).append(column)
    return [f"{change}: {', '.join(names)}" for change, names in columns.items()]


def by_urgency(warning: str) -> int:
    """A key to sort warnings: renamed and retyped columns first, missing ones last."""
    if warning.startswith((RENAMED.partition("{")[0], RETYPED.partition("{")[0])):
        return 0
    return 2 if warning.startswith(MISSING) else 1


def extend_schema_changes(
    connection: DuckDBPyConnection, contract: Contract, since: dt.date, date: dt.date
) -> None:
    """Note that an extract of ``date`` has the same bytes as the last one, of ``since``."""
    connection.execute(
        "update ops.schema_change set last_extract_date = ?"
        " where source = ? and object = ? and last_extract_date = ?",
        [date, contract.source, contract.object, since],
    )


def _columns_changed(contract: Contract, layout: Layout) -> Iterator[tuple[str, str]]:
    for name, _ in layout.unknown:
        if name == contract.deletion_mark:
            continue
        before = next((field.name for field in layout.missing if _may_be(name, field)), None)
        yield name, RENAMED.format(before) if before else NEW
    for field in layout.missing:
        yield field.name, MISSING


def _may_be(name: str, field: ContractField) -> bool:
    """Whether the name is much like one that a header may use for the column."""
    return any(_is_like(name, known.partition("{")[0]) for known in field.header_names)


def _is_like(name: str, other: str) -> bool:
    one, two = (folded_name(n).replace(" ", "") for n in (name, other))
    shorter, longer = sorted((one, two), key=len)
    is_part = len(shorter) >= _SHORTEST_PART and shorter in longer
    return is_part or SequenceMatcher(None, one, two).ratio() >= _SIMILAR


def _types_changed(
    connection: DuckDBPyConnection, contract: Contract, staged: Staged
) -> Iterator[tuple[str, str]]:
    broken = dict(
        connection.execute(
            f"""
            select rule, count(*)
            from (select unnest(_reasons).rule as rule from {REFUSED})
            group by rule
            """
        ).fetchall()
    )
    for field in contract.fields:
        refused = sum(broken.get(f"{field.column}_{rule}", 0) for rule in _TYPE_RULES)
        if refused and refused >= _RETYPED_SHARE * staged.records:
            yield field.name, RETYPED.format(field.type)
