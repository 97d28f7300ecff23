"""The manifest of a published version: what it holds, and how to tell that it is whole."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST_NAME = "manifest.json"


class PublishedTable(BaseModel):
    """A table of a version."""

    model_config = ConfigDict(frozen=True)

    schema_name: str
    table_name: str
    row_count: int
    checksum: str


class PublishedFunction(BaseModel):
    """A table macro of a version; ``checksum`` covers its parameters and its query."""

    model_config = ConfigDict(frozen=True)

    schema_name: str
    function_name: str
    parameters: tuple[str, ...]
    checksum: str


class PublishedFile(BaseModel):
    """A file of a version; ``path`` is relative to the version's folder."""

    model_config = ConfigDict(frozen=True)

    path: str
    size_bytes: int
    sha256: str


class Manifest(BaseModel):
    """One published version.

    ``content_checksum`` covers what the version says (marts, and ``ops`` without run ids and wall
    clock times), so two versions with the same one say the same.
    """

    model_config = ConfigDict(frozen=True)

    version: int
    as_of_date: dt.date | None
    published_at: dt.datetime
    run_id: str
    storage_version: str
    content_checksum: str
    tables: tuple[PublishedTable, ...]
    functions: tuple[PublishedFunction, ...] = ()
    files: tuple[PublishedFile, ...]
    manifest_sha256: str = ""

    def checked(self) -> Manifest:
        """This manifest with the checksum of all else that it says."""
        text = self.model_dump_json(exclude={"manifest_sha256"})
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return self.model_copy(update={"manifest_sha256": sha256})

    def sha256_of(self, path: str) -> str:
        """Checksum of one file of the version."""
        return next(file.sha256 for file in self.files if file.path == path)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a version's folder; None when it is missing or not as it was written."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError):
        return None
    return manifest if manifest == manifest.checked() else None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the version's folder."""
    text = manifest.checked().model_dump_json(indent=2) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def describe_files(folder: Path) -> tuple[PublishedFile, ...]:
    """Size and SHA-256 of every file below a version's folder, in order of path."""
    return tuple(
        PublishedFile(
            path=file.relative_to(folder).as_posix(),
            size_bytes=file.stat().st_size,
            sha256=sha256(file),
        )
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """Paths of the version's files that are missing or differ from the manifest."""
    return [
        file.path
        for file in manifest.files
        if not (folder / file.path).is_file()
        or (folder / file.path).stat().st_size != file.size_bytes
        or sha256(folder / file.path) != file.sha256
    ]


def sha256(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
