"""The whole job killed when a stage has just ended, once for each stage."""

from __future__ import annotations

from orchestration.terminal import STEP_TITLES
from tests.faults.killed_jobs import kill_and_run_again
from tests.figures import JOB_KILLED


def test_the_job_that_is_killed_between_stages_loses_nothing_and_is_completed_by_running_again(
    before, whole, tmp_path, figure
):
    titles = list(STEP_TITLES.values())
    assert len(titles) == 7
    killings = figure(JOB_KILLED, len(titles))
    for title in titles:

        def wait(process, title=title):
            for line in process.stdout:
                if f"✓ {title}" in line:
                    break

        kill_and_run_again(before, tmp_path / title, wait, whole[0])
        killings.reach()
