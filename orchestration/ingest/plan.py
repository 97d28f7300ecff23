"""What a run has to do: the files of landing, archives taken apart, without what is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from orchestration.ingest.archives import is_archive, members_of
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.gate import content_sha256
from orchestration.ingest.landing import Landing, LandingFile, MisplacedFile, UnknownObject
from orchestration.ingest.ledger import Fingerprint, LedgerEntry


@dataclass(frozen=True)
class Plan:
    """What a run has to do, in this order."""

    refused: tuple[LedgerEntry, ...]  # what is rejected without being read
    pending: tuple[LandingFile, ...]
    known_files: int
    unknown_objects: tuple[UnknownObject, ...]  # members of bundles; they are left alone
    present: frozenset[str]  # names of all files that there are, of the known ones too


def plan_of(
    landing: Landing,
    contracts: Collection[tuple[str, str]],
    handled: Collection[tuple[str, int, int]],
) -> Plan:
    """Take archives apart and leave out what earlier runs have handled."""
    files: list[LandingFile] = []
    refused = [_misplaced(file) for file in landing.misplaced]
    unknown: dict[tuple[str, str], UnknownObject] = {}
    for file in landing.files:
        if not is_archive(file):
            files.append(file)
            continue
        try:
            members, others = members_of(file, contracts)
        except RejectedFileError as error:
            refused.append(_refused_archive(file, error))
            continue
        files += members
        unknown = {(o.source, o.object): o for o in others} | unknown
    pending = [file for file in files if not _is_handled(file, handled)]
    return Plan(
        refused=tuple(refused),
        pending=tuple(sorted(pending, key=lambda f: (*object_of(f), f.extract_date, f.file_name))),
        known_files=len(files) - len(pending),
        unknown_objects=tuple(unknown[place] for place in sorted(unknown)),
        present=frozenset([f.file_name for f in files] + [entry.file_name for entry in refused]),
    )


def _misplaced(file: MisplacedFile) -> LedgerEntry:
    """Its place is wrong, so it is not opened: it may be a link to anywhere."""
    return LedgerEntry(
        source=file.source,
        object=file.object,
        file_name=file.file_name,
        extract_date=None,
        extract_mode=None,
        status="rejected",
        fingerprint=Fingerprint(None, None, None),
        error=f"{file.file_name}: {file.problem}",
    )


def _refused_archive(archive: LandingFile, error: RejectedFileError) -> LedgerEntry:
    size, modified = state_of(archive.path) or (None, None)
    try:
        digest = content_sha256(archive)
    except RejectedFileError:  # it cannot be opened
        digest = None
    return LedgerEntry(
        source=archive.source,
        object=archive.object,
        file_name=archive.file_name,
        extract_date=archive.extract_date,
        extract_mode=None,
        status="rejected",
        fingerprint=Fingerprint(digest, size, modified),
        error=f"{archive.file_name}: {error}",
    )


def object_of(file: LandingFile) -> tuple[str, str]:
    """Source and object of a file."""
    return file.source, file.object


def _is_handled(file: LandingFile, handled: Collection[tuple[str, int, int]]) -> bool:
    state = state_of(file.path)
    return state is None or (file.file_name, *state) in handled


def state_of(path: Path) -> tuple[int, int] | None:
    """Size and time of change; None when the file is gone."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns
