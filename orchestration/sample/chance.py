"""Random numbers that are the same on every platform and every version of Python.

Python promises that ``Random.random()`` gives the same sequence for the same integer seed in all
versions; its other methods (``choice``, ``gauss``, ``shuffle``) may change. So only ``random()``
is used, with one stream per thing (a deal, a lead, a seat): what happens to one thing does not
depend on how many others there are or on the order they are made in. Nothing but ``+ - * /`` is
done with the numbers, because ``exp`` and ``log`` may differ in the last bit between platforms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """One stream of random numbers, named by a seed and a path such as ``("deal", 17)``."""

    __slots__ = ("share",)

    def __init__(self, seed: int, *path: str | int) -> None:
        name = "/".join(map(str, (seed, *path)))
        digest = hashlib.sha256(name.encode()).digest()
        # A share is a number in [0, 1).
        self.share = Random(int.from_bytes(digest[:8], "big")).random  # noqa: S311

    def happens(self, probability: float) -> bool:
        """Whether something of this probability (0-1) happens."""
        return self.share() < probability

    def between(self, low: float, high: float) -> float:
        """A number in [low, high), all equally likely."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def count(self, mean: float) -> int:
        """A whole number between 0 and about twice its mean."""
        number = self.between(0, 2 * mean)
        return int(number) + self.happens(number - int(number))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items, all equally likely."""
        return items[int(self.share() * len(items))]

    def weighted(self, weights: Sequence[float]) -> int:
        """The position of one of the weights, which sum to 1."""
        rest = self.share()
        for position, weight in enumerate(weights):
            rest -= weight
            if rest < 0:
                return position
        return len(weights) - 1

    def quantile(self, table: Sequence[float]) -> float:
        """A draw from the distribution whose equally spaced quantiles (0 to 1) the table holds."""
        place = self.share() * (len(table) - 1)
        low = int(place)
        return table[low] + (table[low + 1] - table[low]) * (place - low)


def mean_of(table: Sequence[float]) -> float:
    """The mean of what ``Chance.quantile`` draws from the table."""
    return (sum(table) - (table[0] + table[-1]) / 2) / (len(table) - 1)
