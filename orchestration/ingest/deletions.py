"""Deleted records: those that full extracts no longer hold, and those that a tool marks so."""

from __future__ import annotations

import datetime as dt

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest import sql
from orchestration.ingest.raw_tables import record_key, table_of, versions_of

# A full extract in which more of the records known before are missing is taken for cut off.
PLAUSIBLE_SHARE = 0.3
WARNING = "no deletions were inferred"
_DELETED = "ingest_deleted"  # record_key, on_date: what is deleted, perhaps found out twice


def infer_deletions(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Derive ``ops.deleted_record`` of one object anew, and tell the ledger.

    All files of one date whose extract is full belong together. Only when each was first and last
    seen counts, so the order in which files were loaded does not matter.
    """
    dates = _full_extract_dates(connection, contract)
    place = [contract.source, contract.object]
    connection.execute("delete from ops.deleted_record where source = ? and object = ?", place)
    columns = "record_key VARCHAR, on_date DATE"
    connection.execute(f"create or replace temp table {_DELETED} ({columns})")
    if contract.deletion_mark:
        _collect_marked(connection, contract, contract.deletion_mark)
    if dates:
        _collect_gone(connection, contract, dates)
    connection.execute(
        f"""
        insert into ops.deleted_record
        select ?, ?, record_key, min(on_date) from {_DELETED} group by record_key
        """,
        place,
    )
    connection.execute(f"drop table {_DELETED}")


def _collect_marked(connection: DuckDBPyConnection, contract: Contract, mark: str) -> None:
    """Records whose newest version, as models take it, has the mark: from the first such one on."""
    path = sql.text(f'$."{mark}"')
    value = f"json_extract_string(_extra, {path})"
    is_marked = f"coalesce(lower(trim({value})) in ('true', 't', '1', 'yes'), false)"
    key = ", ".join(sql.name(column) for column in contract.key_columns)
    table = versions_of(contract)
    moment = f"{sql.name(contract.watermark)} desc nulls last," if contract.watermark else ""
    connection.execute(
        f"""
        insert into {_DELETED}
        with versions as (
            select
                {record_key(contract)} as record_key,
                _first_extract_date as first_seen,
                _last_extract_date as last_seen,
                {is_marked} as is_marked,
                row_number() over (
                    partition by {key}
                    order by
                        _last_extract_date desc, {moment} _first_extract_date desc, _row_hash desc
                ) = 1 as is_newest,
                max(if({is_marked}, null, _last_extract_date)) over (partition by {key})
                    as last_unmarked
            from {table}
            semi join (select {key} from {table} where {is_marked}) as marked using ({key})
        )
        select
            record_key,
            coalesce(
                min(first_seen) filter (
                    is_marked and (last_unmarked is null or first_seen >= last_unmarked)
                ),
                max(last_seen)
            )
        from versions
        group by record_key
        having bool_or(is_newest and is_marked)
        """
    )


def _collect_gone(
    connection: DuckDBPyConnection, contract: Contract, dates: list[tuple[dt.date, bool, bool]]
) -> None:
    """Records that a full extract no longer holds, where so many can be gone; tells the ledger."""
    connection.execute(
        f"""
        create or replace temp table ingest_lifetime as
        select
            {record_key(contract)} as record_key,
            min(_first_extract_date) as first_seen,
            max(_last_extract_date) as last_seen
        from {table_of(contract)}
        group by all
        """
    )
    plausible: list[dt.date] = []
    for date, is_acknowledged, is_complete in dates:
        known, gone = _known_and_gone(connection, date, plausible[-1] if plausible else None)
        warning = None
        is_credible = is_complete and (gone < 2 or gone <= PLAUSIBLE_SHARE * known)
        if is_acknowledged or not gone or is_credible:
            plausible.append(date)
        elif not is_complete:
            warning = (
                f"{gone} of {known} records known before are missing in this full extract, but"
                f" rows or files of it were refused and may hold them: {WARNING}"
            )
        else:
            warning = (
                f"{gone} of {known} records known before are missing (vanished) in this full"
                f" extract, an implausible share: {WARNING}. If it is right, acknowledge this file"
            )
        _tell(connection, contract, date, 0 if warning else gone, warning)
    if plausible:
        connection.execute(
            f"""
            insert into {_DELETED}
            select record_key, min(full_date)
            from ingest_lifetime, unnest(?::DATE[]) as plausible (full_date)
            where full_date > last_seen and last_seen < ?
            group by record_key
            """,
            [plausible, plausible[-1]],
        )
    connection.execute("drop table ingest_lifetime")


def _full_extract_dates(
    connection: DuckDBPyConnection, contract: Contract
) -> list[tuple[dt.date, bool, bool]]:
    """Dates of full extracts, with whether they are acknowledged and nothing was refused."""
    return connection.execute(
        """
        with files as (
            select
                *,
                -- Of the same bytes, that are read but once, the same records were refused.
                if(
                    status = 'unchanged',
                    max(rows_quarantined) over (partition by sha256, file_format),
                    rows_quarantined
                ) as refused
            from ops.load_ledger
            where source = ? and object = ? and extract_date is not null
        )
        select
            extract_date,
            bool_or(is_acknowledged and status <> 'rejected'),
            sum(refused) = 0 and not bool_or(status = 'rejected' and not is_acknowledged)
        from files
        group by extract_date
        having bool_or(status <> 'rejected' and extract_mode = 'full')
        order by extract_date
        """,
        [contract.source, contract.object],
    ).fetchall()


def _known_and_gone(
    connection: DuckDBPyConnection, date: dt.date, last_full: dt.date | None
) -> tuple[int, int]:
    """Records that ``date`` should hold, and how many of them were never seen again."""
    row = connection.execute(
        """
        select count(*), count(*) filter (where last_seen < $date)
        from ingest_lifetime
        where first_seen < $date and ($last_full is null or last_seen >= $last_full)
        """,
        {"date": date, "last_full": last_full},
    ).fetchone()
    return row or (0, 0)


def _tell(
    connection: DuckDBPyConnection,
    contract: Contract,
    date: dt.date,
    deleted: int,
    warning: str | None,
) -> None:
    """Write count and warning to the last file of the extract, in place of what stood there."""
    files = connection.execute(
        """
        select file_name, sha256, warnings from ops.load_ledger
        where source = ? and object = ? and extract_date = ? and status <> 'rejected'
            and extract_mode = 'full'
        order by file_name
        """,
        [contract.source, contract.object, date],
    ).fetchall()
    for place, (file_name, digest, before) in enumerate(files, 1):
        is_last = place == len(files)
        lines = [line for line in (before or "").splitlines() if WARNING not in line]
        lines += [warning] if warning and is_last else []
        connection.execute(
            "update ops.load_ledger set rows_deleted = ?, warnings = ?"
            " where file_name = ? and sha256 = ?",
            [deleted if is_last else 0, "\n".join(lines) or None, file_name, digest],
        )
