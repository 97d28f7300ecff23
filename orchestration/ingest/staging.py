"""The records of one file in a table of their own, typed and judged, before anything is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.csv_records import REFUSAL_SCANS, REFUSALS
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.raw_tables import content_number, create_staged, record_key
from orchestration.ingest.records import LineShift, Records, RefusedRecord
from orchestration.ingest.typing_sql import typed_query

REFUSED = "ingest_refused"  # line, key, money and reasons of records that are rows, but not loaded
VERDICTS = "ingest_verdict"  # line, verdict: rows of keys that the file holds more than once
CONSISTENT = "records_of_a_file_agree"
"""The rule that good records break which contradict each other."""

_LINES = "ingest_line"  # ordinal, line: made only when the lines are not simply counted


@dataclass(frozen=True)
class Staged:
    """What was read from one file."""

    table: str  # its good rows, as they are in a raw table, with ``_is_normalised``
    is_first: bool  # the raw table is empty: ``table`` is beside it and can take its place
    records: int  # all of them, the refused ones too
    refused: tuple[RefusedRecord, ...]  # those that are no rows
    duplicates: int


def stage(
    connection: DuckDBPyConnection,
    records: Records,
    contract: Contract,
    file_name: str,
    extract_date: dt.date,
) -> Staged:
    """Read a file into a table of its good rows, ``REFUSED`` and ``VERDICTS``.

    This is done outside a transaction: only then is the ``rowid`` of a new row its ordinal.

    Raises:
        RejectedFileError: DuckDB cannot make records of the file.
    """
    for table in (REFUSED, VERDICTS, _LINES, REFUSALS, REFUSAL_SCANS):
        connection.execute(f"drop table if exists {table}")
    staged, is_first = create_staged(connection, contract)
    try:
        read = sql.inserted(
            connection,
            f"""
            insert into {staged} by name
            select
                *,
                $date as _first_extract_date,
                $date as _last_extract_date,
                $file_name as _file_name,
                get_current_timestamp() at time zone 'UTC' as _loaded_at
            from ({typed_query(records, contract, records.file_format)})
            """,
            {"date": extract_date, "file_name": file_name},
        )
    except duckdb.InvalidInputException as error:
        raise RejectedFileError(f"cannot be read: {str(error).splitlines()[0]}") from error
    places = records.places(connection, read)
    _number_lines(connection, staged, places.shifts, read)
    _put_refused_aside(connection, contract, staged)
    _judge_repeated(connection, contract, staged)
    duplicates = put_repeated_aside(connection, contract, staged)
    return Staged(staged, is_first, read + len(places.refused), places.refused, duplicates)


def put_repeated_aside(connection: DuckDBPyConnection, contract: Contract, staged: str) -> int:
    """Take rows out of ``staged`` that ``VERDICTS`` says contradict others, or are duplicates.

    Returns:
        How many are duplicates.
    """
    key = ", ".join(contract.by_column[column].name for column in contract.key_columns)
    moment = contract.by_column[contract.watermark].name if contract.watermark else None
    reason = (
        f"{key} is a duplicate: other rows of the file have the same key"
        + (f" and {moment}" if moment else "")
        + ", but other values. They contradict each other, so none of them is loaded"
    )
    reasons = f"[{{'rule': {sql.text(CONSISTENT)}, 'reason': {sql.text(reason)}}}]"
    among = f"_line_number in (select line from {VERDICTS} where verdict ="
    connection.execute(
        f"""
        insert into {REFUSED}
        {_refused_columns(contract, reasons)} from {staged} where {among} 'contradiction')
        """
    )
    connection.execute(f"delete from {staged} where {among} 'contradiction')")
    return sql.inserted(connection, f"delete from {staged} where {among} 'duplicate')")


def _number_lines(
    connection: DuckDBPyConnection, staged: str, shifts: Sequence[LineShift], read: int
) -> None:
    if len(shifts) == 1:
        connection.execute(f"update {staged} set _line_number = rowid + {shifts[0].shift}")
        return
    connection.execute(
        f"""
        create temp table {_LINES} as
        with shifts as (
            select unnest($ordinals::BIGINT[]) as start, unnest($shifts::BIGINT[]) as shift
        ),
        stretches as (
            select start, coalesce(lead(start) over (order by start), $read) as stop, shift
            from shifts
        )
        select unnest(range(start, stop)) as ordinal, ordinal + shift as line from stretches
        """,
        {
            "read": read,
            "ordinals": [shift.from_ordinal for shift in shifts],
            "shifts": [shift.shift for shift in shifts],
        },
    )
    connection.execute(
        f"update {staged} set _line_number = line from {_LINES} as lines"
        f" where {staged}.rowid = lines.ordinal"
    )


def _put_refused_aside(connection: DuckDBPyConnection, contract: Contract, staged: str) -> None:
    """Move the rows that break a rule from ``staged`` to ``REFUSED``."""
    connection.execute(
        f"""
        create temp table {REFUSED} as
        {_refused_columns(contract, "_reasons")} from {staged} where _reasons is not null
        """
    )
    connection.execute(f"delete from {staged} where _reasons is not null")


def _refused_columns(contract: Contract, reasons: str) -> str:
    amount = sql.name(contract.amount) if contract.amount else "null"
    currency = sql.name(contract.currency) if contract.currency else "null"
    return f"""
        select
            _line_number as line,
            {record_key(contract)} as record_key,
            try_cast({amount} as DECIMAL(18, 2)) as amount,
            {currency}::VARCHAR as currency_code,
            {reasons} as _reasons"""


def _judge_repeated(connection: DuckDBPyConnection, contract: Contract, staged: str) -> None:
    """Judge rows that have the same key as another row of the file.

    The same content again is a duplicate. Other content of the same moment is a contradiction;
    of another moment, it is a further version of the record.
    """
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    moment = f"{key}, {sql.name(contract.watermark)}" if contract.watermark else key
    connection.execute(
        f"""
        create temp table {VERDICTS} as
        with repeated as (
            select hash({key}) from {staged} group by all having count(*) > 1
        ),
        rows_of_key as (
            select _line_number as line, {moment}, {content_number(contract)} as content
            from {staged}
            where hash({key}) in (from repeated)
        ),
        compared as (
            select
                *,
                min(content) over same_moment <> max(content) over same_moment as is_contradiction,
                row_number() over (partition by {key}, content order by line) > 1 as is_duplicate
            from rows_of_key
            window same_moment as (partition by {moment})
        ),
        kept as (
            select *, row_number() over (partition by {key} order by line) as version
            from compared
            where not is_contradiction and not is_duplicate
        )
        select line, if(is_contradiction, 'contradiction', 'duplicate') as verdict
        from compared
        where is_contradiction or is_duplicate
        union all
        select line, 'further version' from kept where version > 1
        """
    )
