"""What is wrong with the published versions, by their manifests."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.health import Finding
from orchestration.publish.database import STORAGE_VERSION
from orchestration.publish.manifest import (
    MANIFEST_NAME,
    Manifest,
    damaged_files,
    read_manifest,
)
from orchestration.publish.rollback import standing
from orchestration.publish.versions import DATABASE_NAME, PARQUET_NAME, VersionStore


def newest_run_id(store: VersionStore) -> str | None:
    """The run that made the newest version whose manifest can be read."""
    manifests = (read_manifest(store.folder(number)) for number in reversed(store.numbers()))
    return next((manifest.run_id for manifest in manifests if manifest), None)


def inspect_published(store: VersionStore) -> Iterator[Finding]:
    """Compare every kept version with its manifest, and what readers see with what they should."""
    for log in store.stale_logs():
        yield Finding(
            "a write-ahead log beside a published database",
            str(log),
            "close the program that opened the database for writing, then delete this file; it is"
            " never merged",
        )
    shown = store.current_number()
    for number in store.numbers():
        yield from _version(store, number, is_shown=number == shown)
    if store.numbers():
        yield from _names(store, shown)


def _version(store: VersionStore, number: int, *, is_shown: bool) -> Iterator[Finding]:
    folder = store.folder(number)
    manifest = read_manifest(folder)
    damage = [MANIFEST_NAME] if manifest is None else damaged_files(folder, manifest)
    if damage:
        yield Finding(
            f"not as it was written: {', '.join(damage)}",
            f"{folder}, which readers see" if is_shown else str(folder),
            "`salesops run` publishes a whole version in its place, `salesops rollback` shows the"
            " one before until then"
            if is_shown
            else "readers do not see it: delete the folder",
        )
    if manifest is not None and manifest.storage_version != STORAGE_VERSION:
        yield _other_storage(manifest, str(folder))


def _other_storage(manifest: Manifest, folder: str) -> Finding:
    return Finding(
        f"wrong version: written for DuckDB {manifest.storage_version}, not {STORAGE_VERSION}",
        folder,
        "readers with an older DuckDB may not open it; the next version that is published will do",
    )


def _names(store: VersionStore, shown: int | None) -> Iterator[Finding]:
    published, newest = store.published, store.newest_intact()
    for name in (DATABASE_NAME, PARQUET_NAME, MANIFEST_NAME):
        if shown is None or (published / name).resolve().parent != store.folder(shown).resolve():
            yield Finding(
                "does not lead to the version that `current` names", str(published / name),
                "`salesops run` puts it right",
            )  # fmt: skip
    rollback = standing(store)
    if rollback is not None:
        yield Finding(
            f"readers were taken back to version {rollback.version}"
            f" on {rollback.rolled_back_at:%Y-%m-%d %H:%M} UTC",
            str(published),
            "`salesops rollback --end` shows them the newest version",
            is_fault=False,
        )
    elif newest is not None and shown is not None and newest.version > shown:
        yield Finding(
            f"wrong version: readers see {shown}, version {newest.version} is whole",
            str(published / "current"),
            "a publication was interrupted; `salesops run` completes it",
        )
