"""What lies in landing: files by source, object and extract date, and what is no extract."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_LAYOUT = "the path must be <source>/<object>/<YYYY-MM-DD>/<file>, the date being the extract's"
BUNDLE = "_bundle"  # the folder of archives that hold several objects
_IGNORED_STARTS = ("_", ".", "~$")
_IGNORED_ENDS = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True)
class LandingFile:
    """One file of one extract."""

    path: Path
    file_name: str  # path below landing, with '/'
    source: str
    object: str
    extract_date: dt.date
    folder: Path  # the date folder
    member: str | None = None  # of the archive at ``path``; None: the file itself


@dataclass(frozen=True)
class MisplacedFile:
    """A file whose place does not say what it is, or names what no contract describes."""

    path: Path
    file_name: str
    source: str
    object: str | None
    problem: str


@dataclass(frozen=True)
class UnknownObject:
    """An object that came in an archive with others and that no contract describes."""

    source: str
    object: str
    example: str  # the path of one of its files below landing


@dataclass(frozen=True)
class Landing:
    """Everything that was found, each list in the order in which it is handled."""

    files: tuple[LandingFile, ...]
    misplaced: tuple[MisplacedFile, ...]


def discover(folder: Path, known: Collection[tuple[str, str]]) -> Landing:
    """Find the files below ``folder``, which need not exist.

    Args:
        folder: the landing folder, ``<source>/<object>/<YYYY-MM-DD>/<file>``.
        known: source and object of every contract.
    """
    files: list[LandingFile] = []
    misplaced: list[MisplacedFile] = []
    known_places = {*known, *((source, BUNDLE) for source, _ in known)}
    for path in _walk(folder):
        found = _placed(path, folder)
        if isinstance(found, MisplacedFile):
            misplaced.append(found)
        elif (found.source, found.object) in known_places:
            files.append(found)
        else:
            problem = _undescribed(found)
            misplaced.append(
                MisplacedFile(path, found.file_name, found.source, found.object, problem)
            )
    files.sort(key=lambda f: (f.source, f.object, f.extract_date, f.file_name))
    return Landing(tuple(files), tuple(sorted(misplaced, key=lambda f: f.file_name)))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        real = [name for name in folders if name not in links]
        folders[:] = sorted(name for name in real if name == BUNDLE or not is_ignored(name))
        for name in sorted([*names, *links]):
            if not is_ignored(name):
                yield Path(parent) / name


def is_ignored(name: str) -> bool:
    """Whether a file of this name is no extract: hidden, an own file, or still being written."""
    return name.startswith(_IGNORED_STARTS) or name.lower().endswith(_IGNORED_ENDS)


def _placed(path: Path, folder: Path) -> LandingFile | MisplacedFile:
    relative = path.relative_to(folder)
    parts, file_name = relative.parts, relative.as_posix()
    source, object_name = parts[0], parts[1] if len(parts) > 2 else None
    date = _date(parts[2]) if len(parts) > 3 else None
    problem = None
    if not path.resolve().is_relative_to(folder.resolve()):
        problem = "is a link that leads outside landing; put the file itself here"
    elif path.is_symlink() and path.is_dir():
        problem = "is a link to a folder; put the files themselves here"
    elif len(parts) > 3 and date is None:
        problem = f"lies in the folder '{parts[2]}', which is no date: {_LAYOUT}"
    elif object_name and date:
        return LandingFile(path, file_name, source, object_name, date, folder.joinpath(*parts[:3]))
    return MisplacedFile(
        path, file_name, source, object_name, problem or f"lies in no date folder: {_LAYOUT}"
    )


def _undescribed(file: LandingFile) -> str:
    return (
        f"no contract describes {file.source}/{file.object}, so it is unknown how to read it. Draft"
        f" one: salesops contracts draft {shlex.quote(file.file_name)}; or give its folder a name"
        " that begins with '_', and it is left alone"
    )


def _date(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name) if len(name) == len("2026-01-31") else None
    except ValueError:
        return None
