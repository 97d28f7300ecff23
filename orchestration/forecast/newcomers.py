"""What reps who began less than a year ago should book, from what others booked when as new.

The months of a new rep are too few to say much, those of all reps together say what is usual. How
much the own months count is a matter of their number, of how much the months of one rep differ and
of how much reps do: the credibility of Bühlmann and Straub (1970), an empirical Bayes estimate. How
far the usual month of new reps is that of new ones, and how far that of all, is weighed alike.

Pooled are the reps that ever had a quota or, where nobody has, all. Since when a rep is there is
seen from the first deal; those who owned one in the company's first months may have been there for
long, and are not new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.forecast.deals import BoolArray
from orchestration.forecast.hierarchy import UNASSIGNED
from orchestration.forecast.methods import Carried, FloatArray
from orchestration.forecast.periods import first_open_month
from orchestration.forecast.series import Snapshot

IntArray = npt.NDArray[np.int64]

NEW_MONTHS = 12
STAGE_MONTHS = 3
"""Months at a time in which new reps are compared with others as new."""
LEARNED_MONTHS = 24
FIRST_MONTHS = 3
"""Of the company: nobody can say how long a rep seen in them had been there."""
GROWN = NEW_MONTHS // STAGE_MONTHS
"""The stage of reps who are no longer new."""


@dataclass(frozen=True)
class Variances:
    """How much the months of one rep differ from each other, and how much reps do."""

    within: float
    between: float

    def credibility(self, months: npt.ArrayLike) -> FloatArray:
        """How much the mean of so many months counts (0-1) against what is usual."""
        known = np.asarray(months, dtype=float) * self.between
        total = known + self.within
        return np.divide(known, total, out=np.zeros_like(total), where=total > 0)


def newcomers(snapshot: Snapshot, season: FloatArray, steps: int) -> dict[str, Carried]:
    """The forecasts of new reps who may still sell, the company's season left out.

    Args:
        snapshot: What is known at the origin.
        season: As `orchestration.forecast.methods.carry_forward` takes it.
        steps: Months to forecast, from the first that is not over.
    """
    months = np.asarray(snapshot.history.columns, dtype=np.int64)
    pool = snapshot.on_quota or frozenset(snapshot.history.index)
    reps = [rep for rep in snapshot.history.index if rep in pool - {UNASSIGNED}]
    amounts = snapshot.history.loc[reps].to_numpy() / np.resize(season, len(months))
    since = np.asarray(snapshot.since[reps], dtype=np.int64)
    stages = _stages(months, since, int(months[0]))
    there = _there(snapshot, reps, amounts, stages)
    found = _variances(amounts, there)
    if found is None:
        return {}
    usual = _usual_months(amounts, stages, there, found)

    to_come = first_open_month(snapshot.origin) + np.arange(steps)
    ahead = _stages(to_come, since, int(months[0]))
    counts = there.sum(axis=1)
    share = found.credibility(counts)
    own = np.where(there, amounts, 0.0).sum(axis=1)
    expected = np.where(there, usual[stages], 0.0).sum(axis=1)
    against = np.divide(own, expected, out=np.ones_like(own), where=expected > 0)
    made = usual[ahead] * (share * against + 1 - share)[:, None]
    is_new = (ahead[:, 0] >= 0) & (ahead[:, 0] < GROWN)
    return {
        reps[row]: Carried(
            np.maximum(made[row], 0.0),
            f"Reps as new, and by {share[row]:.0%} the rep's own {counts[row]} months",
        )
        for row in np.flatnonzero(is_new)
        if reps[row] in snapshot.selling
    }


def _stages(months: IntArray, since: IntArray, first: int) -> IntArray:
    """How new each rep is in each month, in stages up to `GROWN`; -1 before the rep began."""
    stages = np.clip((months - since[:, None]) // STAGE_MONTHS, -1, GROWN)
    is_old = (since < first + FIRST_MONTHS)[:, None]
    return np.where(is_old & (stages >= 0), GROWN, stages)


def _there(snapshot: Snapshot, reps: list[str], amounts: FloatArray, stages: IntArray) -> BoolArray:
    """The months learned from: those since a rep began and, of one who left, until the last win."""
    width = amounts.shape[1]
    last = width - np.argmax(amounts[:, ::-1] != 0, axis=1)
    last = np.where([rep in snapshot.selling for rep in reps], width, last)
    places = np.arange(width)
    is_recent = places >= width - LEARNED_MONTHS
    there: BoolArray = (stages >= 0) & (places < last[:, None]) & is_recent
    return there


def _variances(amounts: FloatArray, there: BoolArray) -> Variances | None:
    """The unbiased estimates of Bühlmann and Straub; None where nothing can be compared."""
    counts = there.sum(axis=1)
    amounts, there, counts = amounts[counts > 0], there[counts > 0], counts[counts > 0]
    total, free = int(counts.sum()), int((counts - 1).sum())
    if len(counts) < 2 or not free:
        return None
    means = np.where(there, amounts, 0.0).sum(axis=1) / counts
    within = float(np.where(there, (amounts - means[:, None]) ** 2, 0.0).sum() / free)
    mean = float(counts @ means / total)
    apart = float(counts @ (means - mean) ** 2) - (len(counts) - 1) * within
    return Variances(within, max(apart / (total - float(counts @ counts) / total), 0.0))


def _usual_months(
    amounts: FloatArray,
    stages: IntArray,
    there: BoolArray,
    variances: Variances,
) -> FloatArray:
    """The usual month of a rep in each stage, drawn to that of all."""
    counts = np.bincount(stages[there], minlength=GROWN + 1)
    sums = np.bincount(stages[there], amounts[there], minlength=GROWN + 1)
    of_all = sums.sum() / counts.sum()
    means = np.divide(sums, counts, out=np.full(GROWN + 1, of_all), where=counts > 0)
    share = variances.credibility(counts)
    usual: FloatArray = share * means + (1 - share) * of_all
    return usual
