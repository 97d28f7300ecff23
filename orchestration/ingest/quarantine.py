"""Quarantine: the records of a file that are not loaded, each with every reason."""

from __future__ import annotations

import datetime as dt

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.csv_form import REFUSAL_SCANS, REFUSALS
from orchestration.ingest.records import Records
from orchestration.ingest.staging import STAGED, VERDICTS, Staged, with_lines


def quarantine(
    connection: DuckDBPyConnection,
    records: Records,
    contract: Contract,
    staged: Staged,
    *,
    file_name: str,
    extract_date: dt.date,
) -> int:
    """Write every refused record of a staged file to quarantine; returns how many there are."""
    place = [contract.source, contract.object, file_name, extract_date]
    target = "insert into ops.quarantined_row select ?, ?, ?, ?"
    connection.execute(
        f"{target}, unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[][])",
        [
            *place,
            [record.line for record in staged.refused],
            [record.raw_text for record in staged.refused],
            [[record.reason] for record in staged.refused],
        ],
    )
    refused = f"(select rowid as ordinal, * from {STAGED} where _reasons is not null)"
    typed = sql.inserted(
        connection,
        f"{target}, line, _raw_text, _reasons from {with_lines(refused, staged)}",
        place,
    )
    contradictions = 0
    if staged.contradictions:
        contradictions = _quarantine_contradictions(
            connection, records, contract, staged, target, place
        )
    return len(staged.refused) + typed + contradictions


def _quarantine_contradictions(
    connection: DuckDBPyConnection,
    records: Records,
    contract: Contract,
    staged: Staged,
    target: str,
    place: list[object],
) -> int:
    """These are good rows one by one, so their text is read once more."""
    for table in (REFUSALS, REFUSAL_SCANS):
        connection.execute(f"drop table if exists {table}")
    key = ", ".join(contract.by_column[column].name for column in contract.key_columns)
    moment = contract.by_column[contract.watermark].name if contract.watermark else None
    reason = (
        f"{key} is a duplicate: other rows of the file have the same key"
        + (f" and {moment}" if moment else "")
        + ", but other values. They contradict each other, so none of them is loaded"
    )
    rows = f"""(
        select *
        from (
            select row_number() over () - 1 as ordinal, {records.raw_record} as _raw_text
            from ({records.select()})
        )
        semi join (from {VERDICTS} where verdict = 'contradiction') using (ordinal)
    )"""
    return sql.inserted(
        connection,
        f"{target}, line, _raw_text, [?] from {with_lines(rows, staged)}",
        [*place, reason],
    )
