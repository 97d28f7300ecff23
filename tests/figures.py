"""What the fault suite has reached: a quick part of it in `make test`, all of it in `make faults`.

A test says of a fault how often it was met and how often all went well; with `--full` the last
lines are the table of them, with a row for every fault, met or not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

ONLY_FULL = {
    "test_killed_job_at_borders.py",
    "test_killed_job_at_random.py",
    "test_much_data.py",
    "test_secrets.py",
    "test_two_runs.py",
}
"""Files of tests that take minutes each."""

LOADING_KILLED = "kill -9 while loading: no acknowledged row lost, no file in part, rerun equal"
PUBLISHING_KILLED = "kill -9 while publishing: readers see a whole version, the next one succeeds"
JOB_KILLED = "kill -9 of the whole job: readers see a whole version, rerun equal"
READERS = "publications under 4 readers: no inconsistent read, no error"
BAD_INPUTS = "extracts, good and bad, end in their named outcome"
ORDERS = "the same extracts shuffled, split, repeated: what marts are made of is the same"
FULL_DISK = "a full disk: published version intact, a clear error, resumed"
DAMAGE = "a published file cut or with a bit turned: found by the manifest"
STALE_LOG = "a stale .wal: found, never merged"
MISSING_LOG = "a missing .wal: loaded again from landing, rerun equal"
MUCH_DATA = "10M rows with memory_limit 500 MB: loaded and built, less than 1 GB"
TWO_AT_ONCE = "two loads at once: one waits and says so, nothing lost, nothing twice"
TWO_RUNS = "two whole runs at once: one waits and says so, nothing lost, one new version"
BROKEN_DATA = (
    "data broken in every suite of checks: nothing published, reason in CLI, Dagster, report"
)
RAISING = "an expectation that raises is an error"
SECRETS_KEPT = "secrets of the environment after a run that failed in each stage: found nowhere"

GOALS = {
    LOADING_KILLED: 100,
    PUBLISHING_KILLED: 100,
    JOB_KILLED: 20,
    READERS: 500,
    BAD_INPUTS: None,
    ORDERS: 50,
    FULL_DISK: 20,
    DAMAGE: 200,
    STALE_LOG: 3,
    MISSING_LOG: 1,
    MUCH_DATA: 1,
    TWO_AT_ONCE: 5,
    TWO_RUNS: 1,
    BROKEN_DATA: 82,
    RAISING: 1,
    SECRETS_KEPT: 7,
}
"""How often each fault is met with `--full`; None where every test of loading counts."""

TESTS_OF_LOADING = "tests/integration/ingest/"


@dataclass
class Figure:
    """How often a fault was met, and how often all went well."""

    goal: int
    reached: int = 0

    def reach(self) -> None:
        self.reached += 1


class Reached:
    """Sums up what tests reached, whichever processes they ran in."""

    def __init__(self) -> None:
        self._reached = dict.fromkeys(GOALS, 0)
        self._tests_of_loading = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.nodeid.startswith(TESTS_OF_LOADING):
            self._tests_of_loading += 1
            self._reached[BAD_INPUTS] += report.passed
        if report.when == "teardown":
            for name, reached in report.user_properties:
                if name in GOALS:
                    self._reached[name] += int(str(reached))

    def table(self) -> str:
        """Goal and figure of every fault, and whether all were reached."""
        goals = {name: goal or max(self._tests_of_loading, 1) for name, goal in GOALS.items()}
        rows = [f"| {name} | {goal} | {self._reached[name]} |" for name, goal in goals.items()]
        missed = [name for name, goal in goals.items() if self._reached[name] < goal]
        verdict = f"missed: {'; '.join(missed)}" if missed else "every figure is reached"
        return "\n".join(["", "| fault | goal | reached |", "|---|---|---|", *rows, verdict, ""])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="every fault as often as promised")


def pytest_configure(config: pytest.Config) -> None:
    if _is_full(config) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reached(), "reached")


def pytest_ignore_collect(collection_path, config: pytest.Config) -> bool | None:
    return True if collection_path.name in ONLY_FULL and not _is_full(config) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    reached = config.pluginmanager.get_plugin("reached")
    if reached is not None:
        sys.stdout.write(reached.table())


def _is_full(config: pytest.Config) -> bool:
    return bool(config.getoption("--full", default=False))


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return _is_full(request.config)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Iterator[Callable[[str, int], Figure]]:
    """Begin to count towards a figure of the table: its name and its goal in this test."""
    begun: list[tuple[str, Figure]] = []

    def begin(name: str, goal: int) -> Figure:
        assert name in GOALS
        begun.append((name, Figure(goal)))
        return begun[-1][1]

    yield begin
    for name, figure in begun:
        request.node.user_properties.append((name, figure.reached))
        assert figure.reached == figure.goal, name
