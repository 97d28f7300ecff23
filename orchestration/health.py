"""What may be wrong with an installation, apart from its data: findings, each with a way out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import duckdb
from packaging.requirements import Requirement

from orchestration.settings import Settings
from orchestration.warehouse import (
    WarehouseBusyError,
    WarehouseDamagedError,
    read_warehouse,
    reservation_holder,
)

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """Something to know of; a fault is to be mended, anything else is as somebody wanted it."""

    what: str
    where: str
    advice: str
    is_fault: bool = True


def inspect_packages() -> Iterator[Finding]:
    """Installed packages that are not of the versions this project works with."""
    for line in requires("salesops") or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            installed = "not installed"
        if installed not in requirement.specifier:
            yield Finding(
                f"wrong version: {installed} instead of {requirement.specifier}",
                f"package {requirement.name}",
                "`make install` in a fresh clone installs what the lock file says",
            )


def inspect_space(settings: Settings) -> Iterator[Finding]:
    """Whether the next run has the room for another warehouse and another published version."""
    if not settings.home.exists():
        return
    published = settings.published_folder / "current"
    files = (settings.warehouse_file, *published.rglob("*"))
    needed = sum(file.stat().st_size for file in files if file.is_file())
    yield from space_finding(settings.home, shutil.disk_usage(settings.home).free, needed)


def space_finding(folder: Path, free: int, needed: int) -> Iterator[Finding]:
    """The finding that ``free`` bytes are too few, if they are."""
    needed = max(needed, LEAST_FREE_BYTES)
    if free < needed:
        yield Finding(
            f"{free / 1e9:.1f} GB free, a run may need {needed / 1e9:.1f} GB",
            str(folder),
            "make room, or move SALESOPS_HOME; a run that finds the disk full publishes nothing"
            " and is repeated when there is room",
        )


def inspect_secrets(settings: Settings) -> Iterator[Finding]:
    """Whether the key of contact hashes is its owner's alone."""
    key = settings.contact_key_file
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding("others may read the key of the contact hashes", str(key), f"chmod 600 {key}")


def inspect_warehouse(settings: Settings, published_run_id: str | None) -> Iterator[Finding]:
    """Who has the warehouse open, whether it opens, and whether it is the one published from.

    Args:
        settings: Where the warehouse is.
        published_run_id: The run that made the newest published version, if there is one.
    """
    file, holder = settings.warehouse_file, reservation_holder(settings)
    if not file.exists():
        if published_run_id is not None:
            yield Finding("missing", str(file), f"{_REBUILD}, from landing")
        return
    try:
        with read_warehouse(settings, wait_seconds=0) as warehouse:
            known = _knows(warehouse, published_run_id) if published_run_id else True
    except WarehouseBusyError as error:
        yield from _busy(file, holder, str(error))
        return
    except WarehouseDamagedError as error:
        yield _does_not_open(file, str(error.__cause__).partition("\n")[0])
        return
    if holder:
        yield Finding("a run is under way", holder, "wait for it to end", is_fault=False)
    if not known:
        yield Finding(
            f"does not know run {published_run_id}, which published the newest version: it is an"
            " older copy, or its write-ahead log was lost",
            str(file),
            f"{_REBUILD}: it loads from landing what is missing",
        )


_REBUILD = "`salesops run` makes it anew"


def _busy(file: Path, holder: str | None, error: str) -> Iterator[Finding]:
    found = re.search(r"PID (\d+)", error)
    process = f"process {found[1]}" if found else "another process"
    if process == holder:
        yield Finding("a run is under way", holder, "wait for it to end", is_fault=False)
    else:
        yield Finding(
            f"{process} has it open, and is no run", str(file),
            "close that program: while it is open no run can write; readers use the published"
            " database",
        )  # fmt: skip


def _does_not_open(file: Path, error: str) -> Finding:
    log = file.with_name(f"{file.name}.wal")
    if log.exists():
        return Finding(
            f"does not belong to the warehouse beside it ({error})",
            str(log),
            f"move it away; the warehouse was put in place without it. {_REBUILD} where rows lack",
        )
    return Finding(
        f"does not open: {error}",
        str(file),
        f"move it away; {_REBUILD}, from landing. Forecasts of the past are made by a backfill",
    )


def _knows(warehouse: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    try:
        found = warehouse.execute(
            "select count(*) from ops.check_result where run_id = ?", [run_id]
        ).fetchall()
    except duckdb.CatalogException:
        return False
    return bool(found[0][0])
