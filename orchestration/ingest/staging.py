"""The records of one file in a temporary table, typed and judged, before anything is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.csv_records import REFUSAL_SCANS, REFUSALS
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.raw_tables import content_number
from orchestration.ingest.records import LineShift, Records, RefusedRecord
from orchestration.ingest.typing_sql import typed_query

STAGED = "ingest_staged"  # one row per record that has the right number of fields
LINES = "ingest_line"  # ordinal, line: made only when the lines are not simply counted
VERDICTS = "ingest_verdict"  # ordinal, verdict: staged rows that are duplicates or contradictions


@dataclass(frozen=True)
class Staged:
    """What was read from one file."""

    records: int = 0  # all of them, the refused ones too
    refused: tuple[RefusedRecord, ...] = ()  # those that are no rows and are not staged
    contradictions: int = 0
    duplicates: int = 0
    line_shift: int | None = 0  # what makes a line of an ordinal; None: it is in LINES


def stage(connection: DuckDBPyConnection, records: Records, contract: Contract) -> Staged:
    """Read a file into the temporary tables ``STAGED``, ``LINES`` and ``VERDICTS``.

    The ordinal of a staged row is its ``rowid``.

    Raises:
        RejectedFileError: DuckDB cannot make records of the file.
    """
    for table in (STAGED, LINES, VERDICTS, REFUSALS, REFUSAL_SCANS):
        connection.execute(f"drop table if exists {table}")
    query = typed_query(records, contract, records.file_format)
    try:
        connection.execute(f"create temp table {STAGED} as {query}")
    except duckdb.InvalidInputException as error:
        raise RejectedFileError(f"cannot be read: {str(error).splitlines()[0]}") from error
    read = sql.count(connection, STAGED)
    places = records.places(connection, read)
    if len(places.shifts) > 1:
        _write_lines(connection, places.shifts, read)
    _judge_repeated(connection, contract)
    verdicts = dict(
        connection.execute(f"select verdict, count(*) from {VERDICTS} group by all").fetchall()
    )
    return Staged(
        records=read + len(places.refused),
        refused=places.refused,
        contradictions=verdicts.get("contradiction", 0),
        duplicates=verdicts.get("duplicate", 0),
        line_shift=places.shifts[0].shift if len(places.shifts) == 1 else None,
    )


def with_lines(rows: str, staged: Staged) -> str:
    """SQL of ``rows``, which have an ``ordinal``, with their physical ``line``."""
    if staged.line_shift is not None:
        return f"(select *, ordinal + {staged.line_shift} as line from {rows})"
    return f"(from {rows} join {LINES} using (ordinal))"


def _write_lines(connection: DuckDBPyConnection, shifts: Sequence[LineShift], read: int) -> None:
    connection.execute(
        f"""
        create temp table {LINES} as
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


def _judge_repeated(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Judge good rows that have the same key as another good row of the file.

    The same content again is a duplicate. Other content of the same moment is a contradiction;
    of another moment, it is a further version of the record.
    """
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    moment = f"{key}, {sql.name(contract.watermark)}" if contract.watermark else key
    connection.execute(
        f"""
        create temp table {VERDICTS} as
        with repeated as (
            select hash({key}) from {STAGED} where _reasons is null group by all having count(*) > 1
        ),
        rows_of_key as (
            select rowid as ordinal, {moment}, {content_number(contract)} as content
            from {STAGED}
            where _reasons is null and hash({key}) in (from repeated)
        ),
        compared as (
            select
                *,
                min(content) over same_moment <> max(content) over same_moment as is_contradiction,
                row_number() over (partition by {key}, content order by ordinal) > 1
                    as is_duplicate
            from rows_of_key
            window same_moment as (partition by {moment})
        ),
        kept as (
            select *, row_number() over (partition by {key} order by ordinal) as version
            from compared
            where not is_contradiction and not is_duplicate
        )
        select ordinal, if(is_contradiction, 'contradiction', 'duplicate') as verdict
        from compared
        where is_contradiction or is_duplicate
        union all
        select ordinal, 'further version' from kept where version > 1
        """
    )
