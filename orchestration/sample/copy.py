"""Puts the sample company's extracts into landing, and never among others."""

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
    files = (file for file in SAMPLE.glob("*/*/*/*") if file.is_file())
    names = {file.relative_to(SAMPLE) for file in files}
    present = refuse_foreign(landing, names)
    for name in sorted(names - present):
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLE / name, landing / name)
    return len(names)


def refuse_foreign(landing: Path, names: set[Path]) -> set[Path]:
    """The files in ``landing``, as paths below it, if all of them are among ``names``.

    Raises:
        ForeignExtractsError: landing holds other files.
    """
    present = {file.relative_to(landing) for file in landing.glob("**/*") if file.is_file()}
    if foreign := sorted(present - names):
        raise ForeignExtractsError(
            f"{landing} holds other extracts, such as {foreign[0]}: the sample is not mixed with"
            " them. Use another SALESOPS_HOME for the sample, `salesops run` for your own extracts"
        )
    return present
