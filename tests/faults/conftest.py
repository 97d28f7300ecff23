"""What the fault suite has reached: a quick part of it in `make test`, all of it in `make faults`.

Each test says of a fault how often it was met and how often all went well; with `--full` the last
lines are the table of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

ONLY_FULL = {"test_killed_job.py", "test_much_data.py", "test_secrets.py"}
"""Files of tests that take minutes each."""

OF_OTHER_SUITES = {
    "tests/integration/ingest/": "bad inputs end in their named outcome",
    "tests/integration/ingest/test_order_of_extracts.py": (
        "the same extracts in 50 orders, split, repeated: what marts are made of is the same"
    ),
    "tests/integration/quality/test_blocking.py": "an expectation that raises is an error",
}
"""Tests that stand elsewhere and hold a figure of the table; the longest matching path counts."""

FIGURES = pytest.StashKey[dict[str, list[int]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="every fault as often as promised")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = {}


def is_full(config: pytest.Config) -> bool:
    return bool(config.getoption("--full", default=False))


def pytest_ignore_collect(collection_path, config: pytest.Config) -> bool | None:
    return True if collection_path.name in ONLY_FULL and not is_full(config) else None


@dataclass
class Figure:
    """How often a fault was met, and how often all went well."""

    goal: int
    reached: int = 0

    def reach(self) -> None:
        self.reached += 1


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return is_full(request.config)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Iterator[Callable[[str, int], Figure]]:
    """Begin to count towards a figure of the table: its name and its goal in this run."""
    begun: list[tuple[str, Figure]] = []

    def begin(name: str, goal: int) -> Figure:
        begun.append((name, Figure(goal)))
        return begun[-1][1]

    yield begin
    figures = request.config.stash[FIGURES]
    for name, figure in begun:
        reached, goal = figures.get(name, [0, 0])
        figures[name] = [reached + figure.reached, goal + figure.goal]
        assert figure.reached == figure.goal, name


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    paths = [path for path in OF_OTHER_SUITES if report.nodeid.startswith(path)]
    if paths and report.when == "call":
        _OTHERS.setdefault(OF_OTHER_SUITES[max(paths, key=len)], []).append(report.passed)


_OTHERS: dict[str, list[bool]] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_full(config):
        return
    figures = config.stash[FIGURES] | {
        name: [sum(passed), len(passed)] for name, passed in _OTHERS.items()
    }
    lines = [f"| {name} | {reached} of {goal} |" for name, (reached, goal) in figures.items()]
    missed = [name for name, (reached, goal) in figures.items() if reached < goal]
    verdict = f"missed: {', '.join(missed)}" if missed else "every figure is reached"
    table = "\n".join(["", "| fault | reached |", "|---|---|", *lines, verdict, ""])
    sys.stdout.write(table)
