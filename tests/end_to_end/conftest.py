"""A tiny company's extracts, installations that were given them in different ways, and the demo."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest

from orchestration.sample.write import write_sample
from tests.conftest import Installation

FIRST, SECOND = "2026-05-31", "2026-06-30"


@pytest.fixture(scope="session")
def extracts(tmp_path_factory) -> Path:
    """A landing folder with two extract dates of a company of some hundred opportunities."""
    folder = tmp_path_factory.mktemp("extracts")
    write_sample(folder, scale=0.001)
    return folder


def deliver(extracts: Path, installation: Installation, date: str) -> None:
    """Put the extracts of one date into the landing of an installation."""
    for folder in extracts.glob(f"*/*/{date}"):
        shutil.copytree(folder, installation.landing / folder.relative_to(extracts))


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
