"""A tiny company's extracts, and installations that were given them in different ways."""

from __future__ import annotations

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
