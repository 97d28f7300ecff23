"""The whole job killed at its stage borders and at random: readers see a whole version, always.

Running again gives the same marts, to the row, as a run that nobody killed.
"""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from orchestration.publish.inspection import inspect_published
from orchestration.publish.versions import VersionStore
from orchestration.settings import SAMPLE
from orchestration.terminal import STEP_TITLES
from tests.conftest import Installation
from tests.end_to_end.comparison import differing_marts

FIRST, SECOND = "2026-05-31", "2026-06-30"
RANDOM_POINTS = 13


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """A home in which one month is published and the next has arrived."""
    installation = Installation(tmp_path_factory.mktemp("before") / "home")
    deliver(installation, FIRST)
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    deliver(installation, SECOND)
    return installation.home


@pytest.fixture(scope="module")
def whole(before, tmp_path_factory) -> tuple[Installation, float]:
    """What nobody killed, and the seconds that it took."""
    installation = copied(before, tmp_path_factory.mktemp("whole") / "home")
    began = time.monotonic()
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    return installation, time.monotonic() - began


def deliver(installation: Installation, date: str) -> None:
    """Put the sample company's extracts of one date into landing."""
    for folder in SAMPLE.glob(f"*/*/{date}"):
        shutil.copytree(folder, installation.landing / folder.relative_to(SAMPLE))


def copied(home: Path, to: Path) -> Installation:
    shutil.copytree(home, to, symlinks=True)
    return Installation(to)


def kill_at_border(installation: Installation, title: str) -> None:
    process = installation.start("run")
    for line in process.stdout:
        if f"✓ {title}" in line:
            break
    process.kill()
    process.communicate()


def kill_after(installation: Installation, seconds: float) -> None:
    process = installation.start("run")
    time.sleep(seconds)
    process.kill()
    process.communicate()


def test_the_job_that_is_killed_loses_nothing_and_is_completed_by_running_again(
    before, whole, tmp_path, figure
):
    expected, seconds = whole
    titles = list(STEP_TITLES.values())
    killings = figure(
        "kill -9 of the whole job: readers see a whole version, rerun equal",
        len(titles) + RANDOM_POINTS,
    )
    chance = random.Random(11)  # noqa: S311 - no secret
    for number in range(len(titles) + RANDOM_POINTS):
        installation = copied(before, tmp_path / str(number))
        if number < len(titles):
            kill_at_border(installation, titles[number])
        else:
            kill_after(installation, chance.uniform(3, seconds))
        store = VersionStore(installation.home / "published")
        assert [f.where for f in inspect_published(store) if "not as it was" in f.what] == []
        assert installation.query("select max(version) from ops.publication") in ([(1,)], [(2,)])
        done = installation.salesops("run")
        assert done.returncode == 0, (number, done.stdout, done.stderr)
        assert differing_marts(installation, expected) == {}
        doctor = installation.salesops("doctor")
        assert "its process is gone" not in doctor.stdout
        shutil.rmtree(installation.home)
        killings.reach()
