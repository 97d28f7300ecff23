"""The sample and the loader agree about every row, good and bad."""

from __future__ import annotations

import pytest

from orchestration.ingest.run import IngestResult, ingest_landing
from orchestration.sample.write import SampleSummary, write_sample
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

Place = tuple[str, int]


@pytest.fixture(scope="module")
def loaded(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[SampleSummary, IngestResult, set[Place]]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    summary = write_sample(settings.landing_folder)
    with open_warehouse(settings) as warehouse:
        result = ingest_landing(settings, warehouse)
        quarantined = warehouse.execute(
            "select file_name, line_number from ops.quarantined_row"
        ).fetchall()
    return summary, result, set(quarantined)


def test_exactly_the_planted_bad_rows_are_in_quarantine(
    loaded: tuple[SampleSummary, IngestResult, set[Place]],
) -> None:
    summary, _, quarantined = loaded
    planted = {
        (defect.file, defect.line) for defect in summary.defects if defect.outcome == "quarantined"
    }
    assert quarantined == planted
    assert len(planted) == 14


def test_every_file_is_loaded_with_all_its_good_rows(
    loaded: tuple[SampleSummary, IngestResult, set[Place]],
) -> None:
    summary, result, _ = loaded
    assert result.rejected == ()
    assert result.rows.duplicate == 2
    assert result.rows.normalised == 0
    for entry in result.entries:
        if entry.status == "loaded":
            rows = entry.rows
            good = rows.new + rows.changed + rows.unchanged
            assert good == summary.rows[entry.file_name], entry.file_name
