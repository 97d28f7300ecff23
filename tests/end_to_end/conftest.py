"""The sample company's extracts, one date at a time, and the demo."""

from __future__ import annotations

import fcntl
import shutil

import pytest

from orchestration.settings import SAMPLE
from tests.conftest import Installation

FIRST, SECOND = "2026-05-31", "2026-06-30"


def deliver(installation: Installation, date: str) -> None:
    """Put the sample company's extracts of one date into the landing of an installation."""
    for folder in SAMPLE.glob(f"*/*/{date}"):
        shutil.copytree(folder, installation.landing / folder.relative_to(SAMPLE))


@pytest.fixture(scope="session")
def demo(tmp_path_factory, worker_id) -> tuple[Installation, str]:
    """The sample company as `salesops demo` leaves it, and what that printed; only to be read.

    It is made once for all tests, whichever process they run in.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo"
    folder.mkdir(exist_ok=True)
    installation, said = Installation(folder / "home"), folder / "said.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            done = installation.salesops("demo")
            assert done.returncode == 0, done.stderr
            said.write_text(done.stdout, encoding="utf-8")
    return installation, said.read_text(encoding="utf-8")
