"""How the files of a date folder are written: the contract's format, overridden by a profile."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from orchestration.contracts import FileFormat, explain
from orchestration.ingest.errors import RejectedFileError

PROFILE = "_profile.yaml"


def format_of(folder: Path, declared: FileFormat) -> FileFormat:
    """The format of the files in a date folder: ``declared`` with its profile laid over.

    Raises:
        RejectedFileError: the profile cannot be read or holds a wrong key or value.
    """
    profile = folder / PROFILE
    if not profile.exists():
        return declared
    try:
        content = yaml.safe_load(profile.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise RejectedFileError(f"the {PROFILE} beside it is no YAML: {problem}") from error
    if not isinstance(content, dict):
        raise RejectedFileError(f"the {PROFILE} beside it must hold 'key: value' lines")
    try:
        return declared.overruled_by(content)
    except ValidationError as error:
        raise RejectedFileError(f"the {PROFILE} beside it: {explain(error, FileFormat)}") from error
