"""Puts the committed sample into landing."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.settings import SAMPLE


class ForeignExtractsError(RuntimeError):
    """Landing holds other extracts than the sample's, which the sample would mix with."""


def copy_sample(landing: Path) -> int:
    """Copy the sample's extracts into ``landing`` and return how many files they are.

    Files that are there already are left alone, so that doing it again changes nothing.

    Raises:
        ForeignExtractsError: landing holds files that are not the sample's.
    """
    files = sorted(file for file in SAMPLE.glob("*/*/*/*") if file.is_file())
    names = {file.relative_to(SAMPLE) for file in files}
    present = {file.relative_to(landing) for file in landing.glob("**/*") if file.is_file()}
    if foreign := sorted(present - names):
        raise ForeignExtractsError(
            f"{landing} holds other extracts, such as {foreign[0]}: the sample is not mixed with"
            " them. Use `salesops run` for your own extracts, or another SALESOPS_HOME for the"
            " sample"
        )
    for name in sorted(names - present):
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLE / name, landing / name)
    return len(names)
