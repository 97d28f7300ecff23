"""Whether extracts come when they should, by how many days usually lie between two."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import duckdb

from orchestration.contracts import Contract
from orchestration.quality.check import Check, no_rows
from orchestration.quality.history import OF_TABLE, WIDTH

EXTRACT_IS_IN_TIME = "extract_is_in_time"

_LEAST_GAPS = 4

_LATE = f"""
    with extracts as (
        select distinct source, object, extract_date
        from ops.load_ledger
        where status in ('loaded', 'unchanged') and extract_date is not null
    ),
    gaps as (
        select *, extract_date - lag(extract_date) over (
            partition by source, object order by extract_date
        ) as days
        from extracts
    ),
    rhythms as (
        select source, object, max(extract_date) as newest_extract_date,
            median(days) as usual_days,
            median(days) + greatest({WIDTH} * mad(days), 1) as longest_days
        from gaps
        group by all
        having count(days) >= {_LEAST_GAPS}
    )
    select *, $today - newest_extract_date > longest_days as is_late
    from rhythms
"""


def rhythm_check(contract: Contract) -> Check:
    """The check that the newest extract of an object is not old, seen from the newest of all."""
    late = _LATE.replace("$today", "(select max(extract_date) from ops.load_ledger)")
    of_object = f"source = '{contract.source}' and object = '{contract.object}'"
    return Check(
        contract.schema,
        contract.table,
        EXTRACT_IS_IN_TIME,
        "The newest extract is not much older than is usual between two extracts.",
        "warning",
        contract.key_columns,
        (
            no_rows(
                f"select newest_extract_date, usual_days from ({late})"
                f" where is_late and {of_object} and {OF_TABLE}",
                "the next extract has come",
            ),
        ),
    )


@dataclass(frozen=True)
class LateExtract:
    """An object whose next extract should have come."""

    name: str
    newest_extract_date: dt.date
    usual_days: float


def late_extracts(warehouse: duckdb.DuckDBPyConnection, today: dt.date) -> list[LateExtract]:
    """Objects of which no extract came for longer than is usual; one for all when all are late.

    Args:
        warehouse: The open warehouse.
        today: The date by the clock: what is late is late, whatever the newest extract says.
    """
    rows = warehouse.execute(
        f"select source || '/' || object, newest_extract_date, usual_days, is_late from ({_LATE})"
        " order by all",
        {"today": today},
    ).fetchall()
    late = [LateExtract(*row[:3]) for row in rows if row[3]]
    if late and len(late) == len(rows):
        newest = max(late, key=lambda extract: extract.newest_extract_date)
        return [replace(newest, name="every object")]
    return late
