"""A disk that is full at any point costs the work at hand, is said plainly, and nothing else.

The limit is one of the size of a file, which the system reports where a disk would be full.
"""

from __future__ import annotations

from orchestration.published import open_published
from orchestration.settings import Settings
from tests.faults.processes import short_of_disk
from tests.faults.test_killed_loading import (
    check_nothing_acknowledged_is_lost,
    content,
    copied,
    deliver,
    load,
)
from tests.faults.test_killed_publication import publish_run_1, what_readers_see
from tests.figures import FULL_DISK
from tests.publishing import make_company

LOG_BYTES = 30_000
"""Less than loading the second day writes to the write-ahead log."""


def offsets(largest: int, count: int) -> list[int]:
    """Sizes from nearly nothing up to nearly all."""
    return [4096 + (largest - 8192) * place // count for place in range(count)]


def test_publishing_that_finds_the_disk_full_leaves_the_version_and_says_so(tmp_path, figure, full):
    company = make_company(tmp_path / "home")
    company.set_amounts(1)
    company.publish()
    company.set_amounts(2)
    points = offsets(company.settings.published_file.stat().st_size, 10 if full else 3)
    faults = figure(FULL_DISK, len(points))
    for size in points:
        said = short_of_disk(publish_run_1, company.settings, file_bytes=size)
        assert "File too large" in said, said
        assert "salesops.duckdb" in said or "warehouse.duckdb" in said, said
        assert what_readers_see(company.settings) == 1
        with open_published(company.settings) as reader:
            assert reader.execute("select max(version) from ops.publication").fetchall() == [(1,)]
        faults.reach()
    company.publish()
    assert what_readers_see(company.settings) == 2


def test_loading_that_finds_the_disk_full_keeps_what_was_loaded_and_says_so(tmp_path, figure, full):
    before = tmp_path / "before"
    deliver(before, "2026-03-14")
    load(Settings(home=before), tmp_path / "notes of before")
    deliver(before, "2026-03-15")
    whole = copied(before, tmp_path / "whole")
    load(whole, tmp_path / "notes of whole")
    expected = content(whole)
    points = offsets(LOG_BYTES, 10 if full else 3)
    faults = figure(FULL_DISK, len(points))
    for size in points:
        settings = copied(before, tmp_path / str(size))
        notes = tmp_path / f"notes of {size}"
        said = short_of_disk(load, settings, notes, file_bytes=size)
        assert "could not be loaded, through no fault of the file" in said, said
        assert "File too large" in said, said
        check_nothing_acknowledged_is_lost(settings, notes)
        load(settings, notes)
        assert content(settings) == expected
        faults.reach()
