"""Two whole runs that are started at once: the second waits, says for whom, and finds all done."""

from __future__ import annotations

import shutil

from tests.conftest import Installation
from tests.end_to_end.comparison import differing_marts
from tests.figures import TWO_RUNS


def test_of_two_runs_at_once_the_second_waits_and_has_nothing_left_to_do(
    before, whole, tmp_path, figure
):
    well = figure(TWO_RUNS, 1)
    shutil.copytree(before, tmp_path / "home", symlinks=True)
    installation = Installation(tmp_path / "home")
    runs = [installation.start("run") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert sum("new version 2" in output for output in said) == 1, said
    assert sum("nothing changed since version 2" in output for output in said) == 1, said
    logs = "".join(log.read_text() for log in (installation.home / "logs").iterdir())
    assert logs.count("Waiting for the run of process") == 1
    assert installation.query("select max(version) from ops.publication") == [(2,)]
    assert differing_marts(installation, whole[0]) == {}
    well.reach()
