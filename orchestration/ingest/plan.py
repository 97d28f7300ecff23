"""What a run has to do: the files of landing, archives taken apart, without what is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from orchestration.ingest.archives import is_archive, members_of
from orchestration.ingest.errors import RejectedFileError
from orchestration.ingest.landing import Landing, LandingFile, MisplacedFile, UnknownObject


@dataclass(frozen=True)
class Plan:
    """What a run has to do, in this order."""

    pending: tuple[LandingFile, ...]
    refused: tuple[MisplacedFile, ...]
    known_files: int
    unknown_objects: tuple[UnknownObject, ...]


def plan_of(
    landing: Landing,
    contracts: Collection[tuple[str, str]],
    handled: Collection[tuple[str, int, int]],
) -> Plan:
    """Take archives apart and leave out what earlier runs have handled."""
    files: list[LandingFile] = []
    refused = list(landing.misplaced)
    unknown = {(o.source, o.object): o for o in landing.unknown_objects}
    for file in landing.files:
        if not is_archive(file):
            files.append(file)
            continue
        try:
            members, others = members_of(file, contracts)
        except RejectedFileError as error:
            refused.append(
                MisplacedFile(file.path, file.file_name, file.source, file.object, str(error))
            )
            continue
        files += members
        unknown = {(o.source, o.object): o for o in others} | unknown
    pending = [file for file in files if not _is_handled(file, handled)]
    return Plan(
        tuple(sorted(pending, key=lambda f: (*object_of(f), f.extract_date, f.file_name))),
        tuple(refused),
        len(files) - len(pending),
        tuple(unknown[place] for place in sorted(unknown)),
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
