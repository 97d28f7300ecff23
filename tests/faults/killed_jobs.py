"""The whole job killed at some moment, and what has to be true then and after running again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from orchestration.publish.inspection import inspect_published
from orchestration.publish.versions import VersionStore
from tests.conftest import Installation
from tests.end_to_end.comparison import differing_marts


def kill_and_run_again(
    before: Path, home: Path, wait: Callable[[subprocess.Popen[str]], None], expected: Installation
) -> None:
    """Kill a run in a copy of a home; readers see a whole version, and the next run completes it.

    Args:
        before: The home to copy.
        home: Where to copy it; it is deleted when all went well.
        wait: Called with the run's process; when it returns, the run is killed.
        expected: An installation whose marts the next run must make, to the row.
    """
    shutil.copytree(before, home, symlinks=True)
    installation = Installation(home)
    process = installation.start("run")
    wait(process)
    process.kill()
    process.communicate()
    store = VersionStore(home / "published")
    assert [f.where for f in inspect_published(store) if "not as it was" in f.what] == []
    assert installation.query("select max(version) from ops.publication") in ([(1,)], [(2,)])
    done = installation.salesops("run")
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert differing_marts(installation, expected) == {}
    assert "its process is gone" not in installation.salesops("doctor").stdout
    shutil.rmtree(home)
