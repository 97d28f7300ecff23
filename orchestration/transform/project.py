"""The dbt project: where it is, how it is called, and its manifest."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestration.company import Company, default_company
from orchestration.settings import DBT_PROJECT

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
SEMANTIC_MANIFEST = MANIFEST.with_name("semantic_manifest.json")
"""What MetricFlow reads: the metrics, and the semantic models that they are made of."""


class TransformError(RuntimeError):
    """dbt could not read the project, or a model or test failed; the message says which."""


def dbt_executable() -> Path:
    """The dbt command of the environment that runs this process."""
    return Path(sys.executable).parent / "dbt"


def prepare_manifest() -> Path:
    """The project's manifest, parsed anew only when a file of the project is newer.

    The semantic manifest is made with it.

    Raises:
        TransformError: dbt cannot parse the project.
    """
    made = [file.stat().st_mtime for file in (MANIFEST, SEMANTIC_MANIFEST) if file.exists()]
    if len(made) < 2 or min(made) < _newest_change():
        MANIFEST.parent.mkdir(exist_ok=True)
        # Parsed aside and moved in whole: another process may be reading.
        with tempfile.TemporaryDirectory(dir=MANIFEST.parent) as aside:
            done = subprocess.run(  # noqa: S603 - our own environment's dbt, no shell
                [str(dbt_executable()), "parse", "--quiet", "--target-path", aside],
                cwd=DBT_PROJECT,
                env=os.environ | {"DBT_PROFILES_DIR": str(DBT_PROJECT)},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                said = f"{done.stdout}{done.stderr}"
                raise TransformError(f"dbt cannot parse {DBT_PROJECT}:\n{said}")
            for name in ("partial_parse.msgpack", SEMANTIC_MANIFEST.name, MANIFEST.name):
                (Path(aside) / name).replace(MANIFEST.with_name(name))
    return MANIFEST


def _newest_change() -> float:
    folders = ("models", "macros", "tests", "analyses", "seeds")
    files = [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    for folder in folders:
        files += (DBT_PROJECT / folder).rglob("*.*")
    return max(file.stat().st_mtime for file in files if file.is_file())


def build_arguments(company: Company, as_of: dt.date | None) -> list[str]:
    """Arguments of the dbt call that builds every model and tests its data.

    Unit tests are left to the test suite: they judge the code, which no data changes. Only choices
    that differ from the project's defaults are passed: dbt parses the whole project
    anew whenever its variables are not those it was last parsed with. The manifest, which nobody
    reads of a run, is not written.
    """
    defaults = default_company().dbt_vars()
    own = {
        key: value for key, value in company.dbt_vars(as_of).items() if defaults.get(key) != value
    }
    variables = ["--vars", json.dumps(own)] if own else []
    return ["build", "--no-write-json", "--exclude-resource-type", "unit_test", *variables]
