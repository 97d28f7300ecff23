"""What lies in quarantine: counted, shown, and exported for the people who mend it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.spreadsheet import write_csv

_HEADER = (
    "object",
    "record",
    "amount",
    "currency",
    "what is wrong",
    "personal data",
    "file",
    "line",
    "record as read",
)


@dataclass(frozen=True)
class Selection:
    """Which quarantined records; what is None does not matter."""

    source: str | None = None
    object: str | None = None
    file_name: str | None = None

    @property
    def condition(self) -> str:
        """SQL over ``ops.quarantined_row``, whose parameters are the attributes of this."""
        return " and ".join(f"(${name} is null or {name} = ${name})" for name in asdict(self))


@dataclass(frozen=True)
class RefusedGroup:
    """Quarantined records of one object that break the same rule; a record may break several."""

    source: str
    object: str
    rule: str
    records: int
    files: int
    amounts: Mapping[str, Decimal]  # by currency code, '' where none is named; only what is known
    example: str  # one of the reasons


@dataclass(frozen=True)
class RefusedRecord:
    """One quarantined record."""

    source: str
    object: str
    file_name: str
    line_number: int
    record_key: str | None
    amount: Decimal | None
    currency_code: str | None
    reasons: Sequence[str]
    raw_text: str


def refused_groups(
    connection: DuckDBPyConnection, selection: Selection, *, limit: int
) -> tuple[list[RefusedGroup], int]:
    """The groups with the most records, and how many groups there are.

    Args:
        connection: the warehouse.
        selection: which records.
        limit: how many groups at most.
    """
    rows = connection.execute(
        f"""
        with broken as (
            select *, unnest(rules) as rule, unnest(reasons) as reason
            from ops.quarantined_row
            where {selection.condition}
        ),
        records as (
            select
                source, object, rule, file_name, file_sha256, line_number,
                coalesce(currency_code, '') as currency, any_value(amount) as amount,
                min(reason) as reason
            from broken
            group by all
        ),
        by_currency as (
            select
                source, object, rule, currency,
                count(*) as records, sum(amount) as amount, min(reason) as reason,
                list(distinct file_name) as files
            from records
            group by all
        )
        select
            source, object, rule,
            sum(records)::BIGINT as records,
            len(list_distinct(flatten(list(files)))) as files,
            map_from_entries(
                list((currency, amount) order by currency) filter (where amount is not null)
            ) as amounts,
            min(reason) as example,
            count(*) over () as groups
        from by_currency
        group by source, object, rule
        order by records desc, source, object, rule
        limit $limit
        """,
        asdict(selection) | {"limit": limit},
    ).fetchall()
    groups = [
        RefusedGroup(source, object_name, rule, records, files, amounts or {}, example)
        for source, object_name, rule, records, files, amounts, example, _ in rows
    ]
    return groups, rows[0][-1] if rows else 0


def count_refused(connection: DuckDBPyConnection, selection: Selection) -> int:
    """How many records are in quarantine."""
    found = connection.execute(
        f"select count(*) from ops.quarantined_row where {selection.condition}", asdict(selection)
    ).fetchall()
    return int(found[0][0])


def refused_records(
    connection: DuckDBPyConnection,
    selection: Selection,
    *,
    line: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[RefusedRecord]:
    """Quarantined records in the order of their files and lines.

    Args:
        connection: the warehouse.
        selection: which records.
        line: only the one that begins in this line.
        limit: how many at most; None: all.
        offset: how many to pass over.
    """
    rows = connection.execute(
        f"""
        select
            source, object, file_name, line_number, record_key, amount, currency_code, reasons,
            raw_text
        from ops.quarantined_row
        where {selection.condition} and ($line is null or line_number = $line)
        order by source, object, extract_date, file_name, line_number, raw_text
        limit $limit offset $offset
        """,
        asdict(selection) | {"line": line, "limit": limit, "offset": offset},
    ).fetchall()
    return [RefusedRecord(*row) for row in rows]


def export_refused(
    connection: DuckDBPyConnection,
    selection: Selection,
    contracts: Mapping[tuple[str, str], Contract],
    target: Path,
) -> tuple[int, dict[str, tuple[str, ...]]]:
    """Write quarantined records as CSV that a spreadsheet opens, readable by its owner only.

    No cell is taken for a formula: one that begins like it gets an apostrophe before it.

    Args:
        connection: the warehouse.
        selection: which records.
        contracts: what says which columns are personal data.
        target: the file, which is replaced.

    Returns:
        How many records were written, and by object the columns of personal data in them.
    """
    records = refused_records(connection, selection)
    personal = {
        f"{source}/{name}": _personal_columns(contracts.get((source, name)))
        for source, name in {(record.source, record.object) for record in records}
    }
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        os.fchmod(descriptor, 0o600)  # of a file that was there before, too
        write_csv(file, _HEADER, (list(_cells(record, personal)) for record in records))
    return len(records), {place: columns for place, columns in personal.items() if columns}


def _personal_columns(contract: Contract | None) -> tuple[str, ...]:
    return tuple(f.name for f in contract.fields if f.is_personal) if contract else ()


def _cells(record: RefusedRecord, personal: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    place = f"{record.source}/{record.object}"
    yield place
    yield record.record_key or ""
    yield "" if record.amount is None else str(record.amount)
    yield record.currency_code or ""
    yield "\n".join(record.reasons)
    yield ", ".join(personal[place])
    yield record.file_name
    yield str(record.line_number)
    yield record.raw_text
