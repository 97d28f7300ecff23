"""Homes that the whole job has worked in, made once for all tests; only to be copied."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.conftest import Installation, made_once
from tests.end_to_end.conftest import FIRST, SECOND, deliver


@pytest.fixture(scope="session")
def before(tmp_path_factory, worker_id) -> Path:
    """A home in which one month is published and the next has arrived."""

    def publish_a_month(folder: Path) -> None:
        installation = Installation(folder / "home")
        deliver(installation, FIRST)
        done = installation.salesops("run")
        assert done.returncode == 0, done.stderr
        deliver(installation, SECOND)

    return made_once(tmp_path_factory, worker_id, "before", publish_a_month) / "home"


@pytest.fixture(scope="session")
def whole(before, tmp_path_factory, worker_id) -> tuple[Installation, float]:
    """The same after a run that nobody disturbed, and the seconds that it took."""

    def run(folder: Path) -> None:
        shutil.copytree(before, folder / "home", symlinks=True)
        began = time.monotonic()
        done = Installation(folder / "home").salesops("run")
        assert done.returncode == 0, done.stderr
        (folder / "seconds").write_text(str(time.monotonic() - began))

    folder = made_once(tmp_path_factory, worker_id, "whole", run)
    return Installation(folder / "home"), float((folder / "seconds").read_text())
