"""What the ledger knows already, so that the same bytes are not read twice."""

from __future__ import annotations

import datetime as dt

from duckdb import DuckDBPyConnection

from orchestration.ingest.ledger import LedgerEntry


def handled_files(connection: DuckDBPyConnection) -> set[tuple[str, int, int]]:
    """Name, size and time of change of every file that needs no second look."""
    return set(
        connection.execute(
            "select file_name, size_bytes, modified_ns from ops.load_ledger"
            " where status <> 'rejected'"
        ).fetchall()
    )


def object_was_loaded(connection: DuckDBPyConnection, entry: LedgerEntry) -> bool:
    """Whether a file of the entry's object was handled before, which may have had its bytes."""
    return bool(
        connection.execute(
            "select 1 from ops.load_ledger"
            " where source = ? and object = ? and status <> 'rejected' limit 1",
            [entry.source, entry.object],
        ).fetchall()
    )


def same_file_was_handled(connection: DuckDBPyConnection, entry: LedgerEntry) -> bool:
    """Whether only the file's time has changed; the ledger then remembers the new one."""
    return bool(
        connection.execute(
            "update ops.load_ledger set size_bytes = ?, modified_ns = ?"
            " where file_name = ? and sha256 = ? and status <> 'rejected' returning 1",
            [
                entry.fingerprint.size_bytes,
                entry.fingerprint.modified_ns,
                entry.file_name,
                entry.fingerprint.sha256,
            ],
        ).fetchall()
    )


def newest_extract_with_these_bytes(
    connection: DuckDBPyConnection, entry: LedgerEntry
) -> dt.date | None:
    """The date of the object's newest extract until then, if it had exactly the file's bytes.

    The versions of that extract are then those last seen on its date: no other file of the object
    was loaded since.
    """
    same = {
        "source": entry.source,
        "object": entry.object,
        "sha256": entry.fingerprint.sha256,
        "date": entry.extract_date,
    }
    found = connection.execute(
        """
        select max(extract_date) from ops.load_ledger
        where source = $source and object = $object and sha256 = $sha256
            and file_format = $file_format and status <> 'rejected' and extract_date <= $date
        """,
        same | {"file_format": entry.file_format},
    ).fetchone()
    since: dt.date | None = found[0] if found else None
    if since is None or since == entry.extract_date:
        return since
    others = connection.execute(
        """
        select 1 from ops.load_ledger
        where source = $source and object = $object and sha256 <> $sha256
            and status <> 'rejected' and extract_date between $since and $date
        limit 1
        """,
        same | {"since": since},
    ).fetchall()
    return None if others else since
