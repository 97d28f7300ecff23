"""Tables held against their own past: rows, missing values, averages.

What is measured on each business date is kept in ``ops.table_profile``. A value is unusual when it
is further from the median of the past than six times the median deviation (MAD) allows; the past is
that of the same weekday once there is enough of it, because Mondays differ from Sundays. Without
enough past nothing is judged.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from orchestration.contracts import Contract
from orchestration.quality.check import Check, no_rows
from orchestration.warehouse import transaction

LOOKS_AS_USUAL = "looks_as_usual"

_SAME_WEEKDAY_DAYS = 6
_DAYS = 8
_PAST_DAYS = 400
_NUMBERS = ("DECIMAL", "DOUBLE", "BIGINT", "INTEGER")
_NAMES = ("_key", "_id", "_number")  # numbers that name something have no average
WIDTH = 6 * 1.4826
"""How many median deviations are usual: six standard deviations where errors are normal."""

_TABLE = """
create schema if not exists ops;
create table if not exists ops.table_profile (
    as_of_date date,
    table_name varchar,
    metric varchar,
    column_name varchar,
    value double,
    usual_value double,
    tolerance double,
    past_count integer,
    is_unusual boolean,
    is_newest boolean
);
comment on table ops.table_profile is
    'One row per business date, table, metric and column: what was measured, and what is usual.';
comment on column ops.table_profile.metric is
    'row_count, null_share and average of a column; extract_row_count: records in the extracts of '
    'that date.';
comment on column ops.table_profile.usual_value is
    'Median of the past when it was the newest; NULL while the past is too short.';
comment on column ops.table_profile.tolerance is 'How far from the median a value may be.';
comment on column ops.table_profile.past_count is 'Earlier dates that were looked at.';
comment on column ops.table_profile.is_newest is 'Whether it is the last one measured.';
"""

_LEAST_TOLERANCE = """
    case metric
        when 'row_count' then greatest(5, 0.05 * usual)
        when 'extract_row_count' then greatest(5, 0.2 * usual)
        when 'null_share' then 0.02
        else 0.05 * abs(usual)
    end
"""

OF_TABLE = "(select count(*) from {table}) >= 0"
"""Always so; names the table, which Great Expectations asks of a query."""

_SERIES = "table_name, metric, column_name"

_KEEP = f"""
delete from ops.table_profile as kept using measured
where kept.as_of_date = measured.as_of_date
    and kept.table_name = measured.table_name
    and kept.metric = measured.metric
    and kept.column_name = measured.column_name
    and kept.value <> measured.value;
insert into ops.table_profile by name
select * from measured
anti join ops.table_profile using (as_of_date, {_SERIES});
update ops.table_profile as kept set is_newest = false
from measured
where kept.table_name = measured.table_name and kept.metric = measured.metric;
"""

_JUDGE = f"""
with newest as (
    select * from measured
    qualify as_of_date = max(as_of_date) over (partition by {_SERIES})
),
past as (
    select newest.*, earlier.value as past_value,
        dayofweek(earlier.as_of_date) = dayofweek(newest.as_of_date) as is_same_weekday
    from newest
    inner join ops.table_profile as earlier using ({_SERIES})
    where earlier.as_of_date < newest.as_of_date
        and earlier.as_of_date >= newest.as_of_date - {_PAST_DAYS}
),
weighed as (
    select *, count(*) filter (is_same_weekday) over (partition by {_SERIES})
            >= {_SAME_WEEKDAY_DAYS} as by_weekday
    from past
),
usual as (
    select {_SERIES}, median(past_value) as usual, mad(past_value) as deviation,
        count(*) as past_count, bool_or(by_weekday) as by_weekday
    from weighed
    where is_same_weekday or not by_weekday
    group by all
),
judged as (
    select newest.*,
        case when by_weekday or past_count >= {_DAYS} then usual end as usual,
        past_count,
        greatest({WIDTH} * deviation, {_LEAST_TOLERANCE}) as tolerance
    from newest
    left join usual using ({_SERIES})
)
update ops.table_profile as kept
set usual_value = judged.usual,
    tolerance = judged.tolerance,
    past_count = coalesce(judged.past_count, 0),
    is_unusual = coalesce(abs(judged.value - judged.usual) > judged.tolerance, false),
    is_newest = true
from judged
where kept.as_of_date = judged.as_of_date
    and kept.table_name = judged.table_name
    and kept.metric = judged.metric
    and kept.column_name = judged.column_name
"""


def mart_history_check(mart: str, key_columns: tuple[str, ...]) -> Check:
    """The check that a mart looks as it usually does."""
    return Check(
        "marts",
        mart,
        LOOKS_AS_USUAL,
        "Rows, missing values and averages are near those of the mart's own past.",
        "warning",
        key_columns,
        (no_rows(_unusual(f"marts.{mart}"), "all is as usual"),),
    )


def raw_history_check(contract: Contract) -> Check:
    """The check that the newest extract of an object is as large as usual."""
    return Check(
        contract.schema,
        contract.table,
        LOOKS_AS_USUAL,
        "The newest extract holds about as many records as earlier ones.",
        "warning",
        contract.key_columns,
        (
            no_rows(
                _unusual(f"{contract.schema}.{contract.table}"), "the extract is as large as usual"
            ),
        ),
    )


def profile_marts(
    warehouse: duckdb.DuckDBPyConnection, tables: Iterable[str], as_of: dt.date | None
) -> None:
    """Measure marts on a business date, and judge the figures by those of earlier dates.

    Args:
        warehouse: The open warehouse.
        tables: Names of marts; one that does not exist is left out.
        as_of: The business date; a date measured before is measured anew.
    """
    measured = [] if as_of is None else [m for table in tables for m in _measure(warehouse, table)]
    _keep(warehouse, [(as_of, *row) for row in measured])


def profile_extracts(warehouse: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Take the sizes of extracts from the ledger, and judge the newest by those before."""
    names = {(c.source, c.object): f"{c.schema}.{c.table}" for c in contracts}
    found = warehouse.execute(
        "select extract_date, source, object, cast(sum(rows_read) as double) from ops.load_ledger"
        " where status = 'loaded' and rows_read > 0 and extract_date is not null group by all"
    ).fetchall()
    _keep(
        warehouse,
        [
            (date, names[source, name], "extract_row_count", "", rows)
            for date, source, name, rows in found
            if (source, name) in names
        ],
    )


def _measure(
    warehouse: duckdb.DuckDBPyConnection, mart: str
) -> Iterator[tuple[str, str, str, float]]:
    """Rows of one mart, the share of NULLs of its columns, and the averages of its numbers."""
    columns = warehouse.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'marts' and table_name = ?",
        [mart],
    ).fetchall()
    if not columns:
        return
    measures = [("row_count", "", "count(*)")]
    for name, kind in columns:
        quoted = '"' + name.replace('"', '""') + '"'
        measures.append(("null_share", name, f"1 - count({quoted}) / count(*)"))
        if kind.startswith(_NUMBERS) and not name.endswith(_NAMES):
            measures.append(("average", name, f"avg({quoted})"))
    values = warehouse.execute(
        f"select {', '.join(sql for *_, sql in measures)} from marts.{mart}"
    ).fetchall()[0]
    for (metric, column, _), value in zip(measures, values, strict=True):
        if value is not None and math.isfinite(value):
            yield f"marts.{mart}", metric, column, float(value)


def _keep(warehouse: duckdb.DuckDBPyConnection, measured: Sequence[tuple[object, ...]]) -> None:
    """Keep measured figures, and say of the newest of each series what is usual."""
    warehouse.execute(_TABLE)
    if not measured:
        return
    warehouse.execute(
        "create or replace temp table measured as select unnest($1::date[]) as as_of_date,"
        " unnest($2::varchar[]) as table_name, unnest($3::varchar[]) as metric,"
        " unnest($4::varchar[]) as column_name, unnest($5::double[]) as value",
        [list(column) for column in zip(*measured, strict=True)],
    )
    with transaction(warehouse):
        warehouse.execute(_KEEP)
        warehouse.execute(_JUDGE)
    warehouse.execute("drop table measured")


def _unusual(table_name: str) -> str:
    return (
        "select metric, column_name, value, usual_value from ops.table_profile"
        f" where table_name = '{table_name}' and is_newest and is_unusual and {OF_TABLE}"
    )
