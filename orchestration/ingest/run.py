"""Everything in landing into the raw tables, file by file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.contracts import Contract, load_contracts
from orchestration.ingest import ledger, sql
from orchestration.ingest.deletions import infer_deletions
from orchestration.ingest.errors import (
    RejectedFileError,
    damage_rejects,
    machine_faults_named,
)
from orchestration.ingest.gate import content_sha256
from orchestration.ingest.known import (
    handled_files,
    newest_extract_with_these_bytes,
    object_was_loaded,
    same_file_was_handled,
)
from orchestration.ingest.landing import LandingFile, UnknownObject, discover
from orchestration.ingest.ledger import Fingerprint, LedgerEntry, RowCounts
from orchestration.ingest.load import merge_file, read_file
from orchestration.ingest.plan import object_of, plan_of, state_of
from orchestration.ingest.profile import format_of
from orchestration.ingest.quarantine import Origin, note_mended
from orchestration.ingest.raw_tables import create_raw_tables, drop_staged, extend_dates
from orchestration.ingest.schema_change import extend_schema_changes
from orchestration.settings import Settings
from orchestration.warehouse import transaction

SCRATCH = "ingest-"  # start of the names of scratch folders beside the warehouse


@dataclass(frozen=True)
class Progress:
    """A file is begun (no entry yet) or done."""

    position: int  # of the file among those of this run, from 1
    total: int
    file_name: str
    entry: LedgerEntry | None


@dataclass(frozen=True)
class IngestResult:
    """What one run did."""

    entries: tuple[LedgerEntry, ...]  # files handled in this run; known ones are not among them
    known_files: int  # files of landing that earlier runs had handled
    unknown_objects: tuple[UnknownObject, ...]
    unfinished: tuple[str, ...]  # files that changed while they were read; the next run has them
    withdrawn: tuple[str, ...]  # files that had been rejected and were taken away since

    @property
    def rejected(self) -> tuple[LedgerEntry, ...]:
        """Files that were refused and not acknowledged."""
        return tuple(e for e in self.entries if e.status == "rejected" and not e.is_acknowledged)

    @property
    def rows(self) -> RowCounts:
        """Counts over all files of this run."""
        return reduce(add, (entry.rows for entry in self.entries), RowCounts())


def ingest_landing(
    settings: Settings,
    connection: DuckDBPyConnection,
    on_progress: Callable[[Progress], None] | None = None,
) -> IngestResult:
    """Load whatever is in landing and not loaded yet; each file is one transaction.

    A rejected file stops nothing: it is in the result, and tried again by the next run.

    Args:
        settings: where landing and the warehouse are.
        connection: the open warehouse.
        on_progress: is told when a file is begun and when it is done.

    Raises:
        ContractError: a contract is wrong.
        IngestError: a contract does not fit the raw table that exists.
    """
    contracts = load_contracts(settings)
    prepare(connection, contracts.values())
    for leftover in settings.warehouse_file.parent.glob(f"{SCRATCH}*"):  # of a run that was killed
        shutil.rmtree(leftover)
    landing = discover(settings.landing_folder, contracts)
    plan = plan_of(landing, contracts, handled_files(connection))
    withdrawn: tuple[str, ...] = ()
    if settings.landing_folder.exists():  # otherwise nothing was taken away: it is not mounted
        withdrawn = _withdraw_rejections(connection, plan.present, contracts)
    total = len(plan.refused) + len(plan.pending)
    report = on_progress or _ignore
    entries: list[LedgerEntry] = []
    unfinished: list[str] = []
    for position, refused in enumerate(plan.refused, 1):
        with transaction(connection):
            entries.append(ledger.record(connection, refused))
        report(Progress(position, total, refused.file_name, entries[-1]))
    for place, file in enumerate(plan.pending):
        position = len(plan.refused) + place + 1
        report(Progress(position, total, file.file_name, None))
        is_last = [object_of(f) for f in plan.pending[place + 1 : place + 2]] != [object_of(file)]
        try:
            with machine_faults_named(file.file_name):
                entry = _handle(connection, settings, file, contracts, infer=is_last)
        except _UnfinishedFileError:
            unfinished.append(file.file_name)
            continue
        if entry:
            entries.append(entry)
            report(Progress(position, total, file.file_name, entry))
    return IngestResult(
        entries=ledger.with_deletions(connection, entries),
        known_files=plan.known_files + total - len(entries) - len(unfinished),
        unknown_objects=plan.unknown_objects,
        unfinished=tuple(unfinished),
        withdrawn=withdrawn,
    )


def acknowledge(settings: Settings, connection: DuckDBPyConnection, file_name: str) -> None:
    """Accept that a file stays rejected, or that a full extract really lost many records.

    Args:
        settings: where the user's own contracts are.
        connection: the open warehouse.
        file_name: the file's path below landing, as the ledger names it.

    Raises:
        LookupError: the ledger has no such file that could be acknowledged.
    """
    contracts = load_contracts(settings)
    prepare(connection, contracts.values())
    with transaction(connection):
        place = ledger.acknowledge(connection, file_name)
        if place in contracts:
            conclude(connection, contracts[place])


def _ignore(_: Progress) -> None:
    pass


class _UnfinishedFileError(Exception):
    """The file changed while it was read."""


def conclude(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Derive what follows from all files of an object together, in the caller's transaction."""
    infer_deletions(connection, contract)
    note_mended(connection, contract)


def prepare(connection: DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Make what loading needs: macros, operational tables, raw tables."""
    sql.define_macros(connection)
    with transaction(connection):
        ledger.create_tables(connection)
        create_raw_tables(connection, contracts)


def _withdraw_rejections(
    connection: DuckDBPyConnection,
    present: Collection[str],
    contracts: Mapping[tuple[str, str], Contract],
) -> tuple[str, ...]:
    """Forget rejected files that were taken away; nothing of them had been loaded."""
    with transaction(connection):
        withdrawn = ledger.withdraw_rejections(connection, present)
        for place in sorted({place for _, place in withdrawn} & contracts.keys()):
            conclude(connection, contracts[place])
    return tuple(file_name for file_name, _ in withdrawn)


def _handle(
    connection: DuckDBPyConnection,
    settings: Settings,
    file: LandingFile,
    contracts: Mapping[tuple[str, str], Contract],
    *,
    infer: bool,
) -> LedgerEntry | None:
    """Load or reject one file; None when it is known after all.

    Its digest is computed beside its reading, unless an earlier file may have had the same.

    Args:
        connection: the warehouse.
        settings: where scratch files may be written.
        file: the file.
        contracts: all contracts.
        infer: whether it is the last file of its object, after which deletions are derived.
    """
    contract = contracts[file.source, file.object]
    size, modified = state_of(file.path) or (None, None)
    entry = LedgerEntry(
        source=file.source,
        object=file.object,
        file_name=file.file_name,
        extract_date=file.extract_date,
        extract_mode=contract.extract_mode,
        status="loaded",
        fingerprint=Fingerprint(None, size, modified),
    )
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(content_sha256, file)
        try:
            if object_was_loaded(connection, entry):
                entry = _with_digest(entry, digest)
                if same_file_was_handled(connection, entry):
                    if infer:
                        with transaction(connection):
                            conclude(connection, contract)
                    return None
            with tempfile.TemporaryDirectory(
                prefix=SCRATCH, dir=settings.warehouse_file.parent
            ) as scratch:
                return _load(connection, entry, digest, file, contract, Path(scratch), infer=infer)
        except RejectedFileError as error:
            if _has_changed(file, entry):
                raise _UnfinishedFileError from error
            if not digest.exception():
                entry = _with_digest(entry, digest)
            with transaction(connection):
                rejected = replace(entry, status="rejected", error=f"{file.file_name}: {error}")
                rejected = ledger.record(connection, rejected)
                if infer:
                    conclude(connection, contract)
            return rejected


def _load(
    connection: DuckDBPyConnection,
    entry: LedgerEntry,
    digest: Future[str],
    file: LandingFile,
    contract: Contract,
    scratch: Path,
    *,
    infer: bool,
) -> LedgerEntry:
    """Load what is new in a file; the entry that was written for it."""
    file_format = format_of(file.folder, contract.format)
    entry = replace(
        entry,
        extract_mode=file_format.extract_mode,
        file_format=file_format.model_dump_json(),
    )
    since = newest_extract_with_these_bytes(connection, entry)
    if since is not None:
        entry = replace(entry, status="unchanged")
        with transaction(connection):
            extend_dates(
                connection, contract, file.extract_date, f"_last_extract_date = DATE '{since}'"
            )
            extend_schema_changes(connection, contract, since, file.extract_date)
            _conclude_file(connection, entry, file, contract, infer=infer)
        return entry
    try:
        with damage_rejects(file.path, scratch):
            read = read_file(connection, file, contract, file_format, scratch)
        entry = _with_digest(entry, digest)
        origin = Origin(file.file_name, entry.fingerprint.sha256, file.extract_date)
        with transaction(connection):
            rows, warnings = merge_file(connection, contract, read, origin)
            entry = replace(entry, rows=rows, warnings=tuple(warnings))
            if read:
                layout, delimiter = read.records.layout, read.records.delimiter
                entry = replace(entry, header=layout.header, delimiter=delimiter)
            _conclude_file(connection, entry, file, contract, infer=infer)
    finally:
        drop_staged(connection, contract)
    return entry


def _with_digest(entry: LedgerEntry, digest: Future[str]) -> LedgerEntry:
    return replace(entry, fingerprint=replace(entry.fingerprint, sha256=digest.result()))


def _conclude_file(
    connection: DuckDBPyConnection,
    entry: LedgerEntry,
    file: LandingFile,
    contract: Contract,
    *,
    infer: bool,
) -> None:
    if _has_changed(file, entry):
        raise _UnfinishedFileError
    ledger.record(connection, entry)
    if infer:
        conclude(connection, contract)


def _has_changed(file: LandingFile, entry: LedgerEntry) -> bool:
    """Whether the file is no longer as it was when its entry was begun."""
    before = entry.fingerprint
    return state_of(file.path) != (before.size_bytes, before.modified_ns)
