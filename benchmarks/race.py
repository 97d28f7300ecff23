"""A race: contestants that run in turn, round after round, and what each round took.

Absolute times are noise on a machine that does other things, too. Contestants of one round ran
close to each other, so ratios are taken within rounds.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Figures


@dataclass(frozen=True)
class Options:
    """What is measured, and where."""

    folder: Path  # companies are kept here, everything else is removed again
    scale: float  # 1 is a company of 100,000 opportunities
    rounds: int
    memory_limit: str  # of DuckDB, for everyone who uses it
    change_scales: tuple[float, ...]
    rows: int  # of the table that checks are compared on


@dataclass
class Race:
    """What the contestants took, each in every round."""

    title: str
    what: str  # was done, and on what data
    rounds: list[dict[str, Figures]] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)  # of the machine when a round began

    @property
    def contestants(self) -> list[str]:
        """Their names, in the order in which they ran."""
        return list(self.rounds[0])

    def figures(self, contestant: str) -> list[Figures]:
        """Of one contestant, round by round."""
        return [took[contestant] for took in self.rounds]

    def ratios(self, one: str, other: str, of: Callable[[Figures], float]) -> list[float]:
        """What one took as a share of what another took in the same round."""
        return [of(took[one]) / of(took[other]) for took in self.rounds]


@dataclass(frozen=True)
class Goal:
    """A figure that should not be above a limit, as it was seen in every round."""

    name: str
    limit: float
    seen: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of what was seen."""
        return statistics.median(self.seen)

    @property
    def is_met(self) -> bool:
        """Whether the median keeps the limit."""
        return self.median <= self.limit


def wall(figures: Figures) -> float:
    """Seconds from start to end."""
    return figures.wall_seconds


def cpu(figures: Figures) -> float:
    """Seconds of all processors together."""
    return figures.cpu_seconds


def run_rounds(race: Race, count: int, one_round: Callable[[], dict[str, Figures]]) -> Race:
    """Run so many rounds, noting how busy the machine was before each."""
    for _ in range(count):
        race.loads.append(os.getloadavg()[0])
        race.rounds.append(one_round())
    return race


Bench = Callable[[Options], tuple[Race, Sequence[Goal]]]
"""Runs one race and judges the goals that hang on it."""
