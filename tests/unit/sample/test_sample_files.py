from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sample_files import FIRST, SECOND, Sample

from orchestration.sample.layout import HEADERS
from orchestration.sample.write import write_sample
from orchestration.settings import SAMPLE


def _contents(landing: Path) -> dict[str, bytes]:
    return {
        file.relative_to(landing).as_posix(): file.read_bytes() for file in landing.rglob("*.csv")
    }


def test_the_committed_sample_is_what_the_generator_writes(sample: Sample) -> None:
    committed, written = _contents(SAMPLE), _contents(sample.landing)
    assert committed.keys() == written.keys()
    assert [name for name in written if committed[name] != written[name]] == []


def test_the_committed_sample_is_smaller_than_five_megabytes() -> None:
    assert sum(len(content) for content in _contents(SAMPLE).values()) < 5_000_000


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_company(
    tmp_path: Path,
) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_sample(tmp_path / name, scale=0.002, seed=seed)
    first, again, other = (_contents(tmp_path / name) for name in "abc")
    assert first == again
    deals = f"salesforce/Opportunity/{SECOND}/Opportunity.csv"
    assert first[deals] != other[deals]


def test_a_file_has_the_checksum_that_every_platform_must_reproduce(tmp_path: Path) -> None:
    write_sample(tmp_path, scale=0.002, seed=5)
    history = tmp_path / f"salesforce/OpportunityHistory/{FIRST}/OpportunityHistory.csv"
    checksum = "fadbcc3b361ea3c8c0ba65419ccc1bb831c14f5094646fe5ce8dcbb02384ab1c"
    assert hashlib.sha256(history.read_bytes()).hexdigest() == checksum


def test_every_object_has_both_extracts_with_the_agreed_header(sample: Sample) -> None:
    for kind, header in HEADERS.items():
        for day in (FIRST, SECOND):
            records = sample.records(f"{kind.source}/{kind.name}/{day}/{kind.name}.csv")
            assert tuple(next(records)[1]) == header


def test_the_summary_counts_the_good_rows_of_every_file(sample: Sample) -> None:
    for file, count in sample.summary.rows.items():
        bad = sum(defect.file == file for defect in sample.summary.defects)
        assert sum(1 for _ in sample.records(file)) == 1 + count + bad, file
    assert set(sample.summary.rows) == set(_contents(sample.landing))


def test_progress_ends_with_all_opportunities_done(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_sample(tmp_path, scale=0.01, on_progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) > 2
    assert seen[-1][0] == seen[-1][1]


@pytest.mark.parametrize("scale", [0, -1, 0.0001, 1000, float("nan")])
def test_a_scale_out_of_range_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ValueError, match=r"0\.001 to 100"):
        write_sample(tmp_path, scale=scale)
    assert list(tmp_path.iterdir()) == []
