"""What the ledger knows already, so that the same bytes are not read twice."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.ledger import Fingerprint, LedgerEntry
from orchestration.ingest.raw_tables import extend_dates


def handled_files(connection: DuckDBPyConnection) -> set[tuple[str, int, int]]:
    """Name, size and time of change of every file that needs no second look."""
    return set(
        connection.execute(
            "select file_name, size_bytes, modified_ns from ops.load_ledger"
            " where status <> 'rejected'"
        ).fetchall()
    )


def same_file_was_handled(
    connection: DuckDBPyConnection, file: LandingFile, fingerprint: Fingerprint
) -> bool:
    """Whether only the file's time has changed; the ledger then remembers the new one."""
    return bool(
        connection.execute(
            "update ops.load_ledger set size_bytes = ?, modified_ns = ?"
            " where file_name = ? and sha256 = ? and status <> 'rejected' returning 1",
            [
                fingerprint.size_bytes,
                fingerprint.modified_ns,
                file.file_name,
                fingerprint.sha256,
            ],
        ).fetchall()
    )


def is_unchanged(connection: DuckDBPyConnection, entry: LedgerEntry, contract: Contract) -> bool:
    """Whether the file's bytes are those of the object's newest extract until then.

    If so, the versions of that extract are noted as seen again on the file's date: they are
    exactly those last seen on its date, because no other file of the object was loaded since.
    """
    same = {
        "source": entry.source,
        "object": entry.object,
        "sha256": entry.fingerprint.sha256,
        "date": entry.extract_date,
    }
    (since,) = connection.execute(
        """
        select max(extract_date) from ops.load_ledger
        where source = $source and object = $object and sha256 = $sha256
            and file_format = $file_format and status <> 'rejected' and extract_date <= $date
        """,
        same | {"file_format": entry.file_format},
    ).fetchone() or (None,)
    if since is None or entry.extract_date is None:
        return False
    others = connection.execute(
        """
        select 1 from ops.load_ledger
        where source = $source and object = $object and sha256 <> $sha256
            and status <> 'rejected' and extract_date between $since and $date
        limit 1
        """,
        same | {"since": since},
    ).fetchall()
    if others and since != entry.extract_date:
        return False
    extend_dates(connection, contract, entry.extract_date, f"_last_extract_date = DATE '{since}'")
    return True
