"""Two loads that are started at once: one waits and says so, and nothing is lost or done twice."""

from __future__ import annotations

from orchestration.settings import Settings
from tests.conftest import Installation
from tests.faults.test_killed_loading import content, deliver, load
from tests.figures import TWO_AT_ONCE


def test_two_loads_at_once_give_what_one_gives(tmp_path, figure, full):
    rounds = 5 if full else 1
    both_well = figure(TWO_AT_ONCE, rounds)
    deliver(tmp_path / "whole", "2026-03-14")
    load(Settings(home=tmp_path / "whole"), tmp_path / "acknowledged")
    expected = content(Settings(home=tmp_path / "whole"))
    for number in range(rounds):
        installation = Installation(tmp_path / str(number))
        deliver(installation.home, "2026-03-14")
        processes = [installation.start("ingest") for _ in range(2)]
        said = [process.communicate(timeout=300) for process in processes]
        assert [process.returncode for process in processes] == [0, 0], said
        assert sum("4 loaded" in output for output, _ in said) == 1, said
        assert content(Settings(home=installation.home)) == expected
        both_well.reach()
