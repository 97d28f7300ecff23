"""The whole job killed at any moment from its start to its end."""

from __future__ import annotations

import random
import time

from tests.faults.killed_jobs import kill_and_run_again
from tests.figures import JOB_KILLED

MOMENTS = 13
STARTED_SECONDS = 3.0


def test_the_job_that_is_killed_at_any_moment_loses_nothing_and_is_completed_by_running_again(
    before, whole, tmp_path, figure
):
    expected, whole_seconds = whole
    killings = figure(JOB_KILLED, MOMENTS)
    chance = random.Random(11)  # noqa: S311 - no secret
    for number in range(MOMENTS):
        seconds = chance.uniform(STARTED_SECONDS, whole_seconds)
        kill_and_run_again(
            before, tmp_path / str(number), lambda _, s=seconds: time.sleep(s), expected
        )
        killings.reach()
