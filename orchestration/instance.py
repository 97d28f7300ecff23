"""The Dagster instance folder below the home folder: run history, schedules, logs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from orchestration.settings import Settings

TEMPLATE = Path(__file__).with_name("dagster.yaml")


def use_instance(settings: Settings) -> Path:
    """Make the folder with its ``dagster.yaml`` if need be, and name it to Dagster.

    Sets ``DAGSTER_HOME`` and, as absolute paths, the places of ``settings`` in the environment of
    this process, so that every run launched from it works in the same places. A ``dagster.yaml``
    that is there already is left as it is.
    """
    folder = settings.dagster_folder
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / TEMPLATE.name).exists():
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["SALESOPS_HOME"] = str(settings.home)
    os.environ["SALESOPS_LANDING"] = str(settings.landing_folder)
    if settings.company:
        os.environ["SALESOPS_COMPANY"] = str(settings.company_file)
    if settings.contracts:
        os.environ["SALESOPS_CONTRACTS"] = str(settings.contracts.resolve())
    return folder
