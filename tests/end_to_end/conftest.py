"""The sample company's extracts, one date at a time, and the demo."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.settings import SAMPLE
from tests.conftest import Installation, made_once

FIRST, SECOND = "2026-05-31", "2026-06-30"


def deliver(installation: Installation, date: str) -> None:
    """Put the sample company's extracts of one date into the landing of an installation."""
    for folder in SAMPLE.glob(f"*/*/{date}"):
        shutil.copytree(folder, installation.landing / folder.relative_to(SAMPLE))


@pytest.fixture(scope="session")
def demo(tmp_path_factory, worker_id) -> tuple[Installation, str]:
    """The sample company as `salesops demo` leaves it, and what that printed; only to be read."""

    def make(folder: Path) -> None:
        done = Installation(folder / "home").salesops("demo")
        assert done.returncode == 0, done.stderr
        (folder / "said.txt").write_text(done.stdout, encoding="utf-8")

    folder = made_once(tmp_path_factory, worker_id, "demo", make)
    return Installation(folder / "home"), (folder / "said.txt").read_text(encoding="utf-8")
