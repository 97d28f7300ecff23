from __future__ import annotations

from itertools import pairwise

from sample_files import SECOND, Sample

from orchestration.sample.defects import Defect
from orchestration.settings import SAMPLE

Pair = tuple[list[str], list[str], list[str]]


def _planted(sample: Sample, defect: Defect) -> Pair:
    """The header, the good row above the defect, and the bad row."""
    records = list(sample.records(defect.file))
    for (_, above), (line, row) in pairwise(records):
        if line == defect.line:
            return records[0][1], above, row
    raise AssertionError(f"no record begins at line {defect.line} of {defect.file}")


def test_bad_rows_of_every_common_kind_are_planted(sample: Sample) -> None:
    assert {defect.kind for defect in sample.summary.defects} == {
        "day before month",
        "duplicate row",
        "impossible date",
        "missing id",
        "missing stage",
        "no boolean",
        "no number",
        "thousands mark not declared",
        "too few fields",
        "too many fields",
        "wrong id checksum",
    }
    assert len(sample.summary.defects) == 16


def test_a_bad_row_is_the_good_row_above_it_but_for_one_field(sample: Sample) -> None:
    for defect in sample.summary.defects:
        header, above, row = _planted(sample, defect)
        if defect.kind == "too many fields":
            assert row[:-1] == above
        elif defect.kind == "too few fields":
            assert row == above[:-2]
        elif defect.kind == "duplicate row":
            assert row == above
            assert defect.outcome == "duplicate"
        else:
            differing = [
                column for column, good, bad in zip(header, above, row, strict=True) if good != bad
            ]
            assert differing == [defect.column], defect


def test_the_readme_of_the_sample_lists_the_bad_rows(sample: Sample) -> None:
    page = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for defect in sample.summary.defects:
        row = f"| `{defect.file}` | {defect.line} | {defect.kind} | {defect.column} |"
        assert row in page, defect


def test_the_readme_of_the_sample_counts_its_opportunities(sample: Sample) -> None:
    deals = sample.rows("Opportunity", SECOND)
    live = [deal for deal in deals if deal["IsDeleted"] == "false"]
    won = sum(deal["IsWon"] == "true" for deal in live)
    still_open = sum(deal["IsClosed"] == "false" for deal in live)
    owner_changes = len(sample.both("OpportunityFieldHistory")) // 2
    page = " ".join((SAMPLE / "README.md").read_text(encoding="utf-8").split())
    assert (
        f"{len(deals):,} opportunities ({len(deals) - len(live)} deleted, four of them between the"
        f" extracts), of which {won} won, {len(live) - won - still_open:,} lost and {still_open}"
        f" open; {owner_changes} changes of owner."
    ) in page
    taken_over = sum(deal["CreatedDate"].startswith("2023-07-01") for deal in deals)
    assert f"took over the {taken_over} deals that were open" in page
