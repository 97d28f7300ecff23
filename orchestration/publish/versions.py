"""Folders of published versions, and the one atomic step from a version to the next.

::

    published/
      current          -> versions/000007               the only name that ever changes
      salesops.duckdb  -> current/salesops.duckdb
      parquet          -> current/parquet
      manifest.json    -> current/manifest.json
      rollbacks.json                                    when readers were taken back, if ever
      versions/000007/{salesops.duckdb, parquet/<table>.parquet, manifest.json}

A version's folder is complete and flushed to disk before ``current`` points to it, and its files
never change afterwards. Replacing the link ``current`` moves database, Parquet files and manifest
to the next version in one step, whenever the machine stops.

What a reader may rely on: a file that was opened stays the version it was, to its end. Each name
opened anew gives the newest version. Who reads several Parquet files, or the database and a Parquet
file, and wants them of one version, resolves ``current`` once (``realpath``) and reads below it;
the last few versions stay.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.publish.manifest import MANIFEST_NAME, Manifest, damaged_files, read_manifest

DATABASE_NAME = "salesops.duckdb"
PARQUET_NAME = "parquet"
KEPT_VERSIONS = 5
_BUILDING = ".building"
_RETIRED = ".retired"


class StaleLogError(RuntimeError):
    """A write-ahead log lies beside a database that nobody may write to."""


class VersionStore:
    """The versions below a published folder; who changes them holds :meth:`exclusive`."""

    def __init__(self, published: Path) -> None:
        self.published = published
        self.versions = published / "versions"

    def folder(self, version: int) -> Path:
        """Folder of a version."""
        return self.versions / f"{version:06d}"

    def numbers(self) -> list[int]:
        """Numbers of the versions that are there, oldest first."""
        if not self.versions.is_dir():
            return []
        return sorted(int(entry.name) for entry in self.versions.iterdir() if entry.name.isdigit())

    def current_number(self) -> int | None:
        """Number of the version that readers see; None when there is none."""
        name = (self.published / "current").resolve().name
        return int(name) if name.isdigit() and self.folder(int(name)).is_dir() else None

    def next_number(self) -> int:
        """Number of the version to make; numbers never come twice while the newest is kept."""
        return max(self.numbers(), default=0) + 1

    def current(self) -> Manifest | None:
        """Manifest of the version that readers see, if it is intact."""
        number = self.current_number()
        return self.intact(number) if number is not None else None

    def newest_intact(self) -> Manifest | None:
        """Manifest of the newest version of which every file is as it was written."""
        return next((m for n in reversed(self.numbers()) if (m := self.intact(n))), None)

    def intact(self, version: int) -> Manifest | None:
        """The version's manifest if every file agrees with it, else None."""
        manifest = read_manifest(self.folder(version))
        if manifest is None or damaged_files(self.folder(version), manifest):
            return None
        return manifest

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep every other process from changing what is published; waits for one that does."""
        self.published.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.published, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def stale_logs(self) -> list[Path]:
        """Write-ahead logs that could be replayed into a published database."""
        folders = (self.published, *map(self.folder, self.numbers()))
        logs = [folder / f"{DATABASE_NAME}.wal" for folder in folders]
        return [log for log in logs if log.exists()]

    def refuse_stale_logs(self) -> None:
        """Make sure that no write-ahead log could be replayed into a published database.

        Raises:
            StaleLogError: there is one; the message says what to do.
        """
        for log in self.stale_logs():
            raise StaleLogError(
                f"{log}: a program opened the published database for writing and did not close"
                " it. Close that program, delete this file, and publish again; readers open"
                " the database read-only"
            )

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder to build a version in; it is gone afterwards unless it was completed."""
        folder = self.versions / _BUILDING
        self._clear_leftovers()
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def complete(self, building: Path, version: int) -> None:
        """Flush the built folder to disk, make it read-only and give it its number."""
        for file in sorted(building.rglob("*")):
            if file.is_file():
                file.chmod(0o444)
            _flush(file)
        _flush(building)
        building.rename(self.folder(version))
        _flush(self.versions)

    def switch_to(self, version: int) -> None:
        """Show a version to readers, in one atomic step."""
        for name in (DATABASE_NAME, PARQUET_NAME, MANIFEST_NAME):
            self._link(name, f"current/{name}")
        self._link("current", f"versions/{self.folder(version).name}")
        _flush(self.published)

    def prune(self) -> None:
        """Delete all but the last few versions; the one that readers see always stays."""
        for version in self.numbers()[:-KEPT_VERSIONS]:
            if version != self.current_number():
                retired = self.versions / f"{_RETIRED}-{version}"
                self.folder(version).rename(retired)
                shutil.rmtree(retired)

    def write(self, name: str, content: bytes) -> None:
        """Put a file beside the links in one atomic step."""
        draft = self.published / f".{name}.new"
        draft.write_bytes(content)
        _flush(draft)
        draft.replace(self.published / name)
        _flush(self.published)

    def _clear_leftovers(self) -> None:
        """Remove what a process that was killed left half made or half deleted."""
        for leftover in (*self.versions.glob(".*"), *self.published.glob(".*.new")):
            if leftover.is_symlink() or leftover.is_file():
                leftover.unlink()
            else:
                shutil.rmtree(leftover)

    def _link(self, name: str, target: str) -> None:
        link = self.published / name
        if link.is_symlink() and link.readlink() == Path(target):
            return
        if link.is_dir() and not link.is_symlink():
            shutil.rmtree(link)
        draft = self.published / f".{name}.new"
        draft.unlink(missing_ok=True)
        draft.symlink_to(target)
        draft.replace(link)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
