"""Forecasts of all nodes at one origin: by every method, and made to agree.

What a node has booked is known; what is still to come is forecast for the reps who may still sell,
and teams and company are sums of their reps as the tree stands at the origin. The naive alone
gives reps who have left what they sold a year ago, so that it is exactly last year's figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.inputs import UNASSIGNED
from orchestration.forecast.methods import (
    METHODS,
    SEASON,
    SEASONAL_NAIVE,
    Carried,
    FloatArray,
    carry_forward,
)
from orchestration.forecast.periods import HORIZON_MONTHS, first_open_month, month_of
from orchestration.forecast.reconcile import RECONCILIATIONS
from orchestration.forecast.season import seasonal_indices
from orchestration.forecast.series import KNOWN_MONTHS, Snapshot

STEPS = HORIZON_MONTHS + 1


@dataclass(frozen=True)
class Outlook:
    """One method's forecast for all nodes of a snapshot.

    ``to_come`` has a row per node, in the snapshot's order, and a column per month from the one in
    progress (0) on: what is expected beyond what is booked. ``models`` says what made each row.
    """

    to_come: pd.DataFrame
    models: list[str]

    def over(self, first: int, last: int) -> FloatArray:
        """What is to come for each node in the months ``first`` to ``last``."""
        total: FloatArray = self.to_come.to_numpy()[:, max(first, 0) : last + 1].sum(axis=1)
        return total


def _open_months(snapshot: Snapshot) -> range:
    """The months to forecast, from the origin's: that one itself unless it is over."""
    return range(first_open_month(snapshot.origin) - month_of(snapshot.origin), STEPS)


def won(snapshot: Snapshot, first: int, last: int) -> FloatArray:
    """What each node has booked at the origin in the months ``first`` to ``last``."""
    known = [first <= month <= last for month in KNOWN_MONTHS]
    total: FloatArray = snapshot.booked.to_numpy()[:, known].sum(axis=1)
    return total


def outlooks(snapshot: Snapshot) -> dict[tuple[str, str], Outlook]:
    """The outlook of each reconciliation and method; the naive is the same in all of them."""
    history = snapshot.history
    steps = len(_open_months(snapshot))
    total = history.sum(axis=0).to_numpy()
    season = seasonal_indices(total)
    company = carry_forward(total, steps, season)
    reps = {
        rep: carry_forward(row.to_numpy(), steps, season)
        for rep, row in history.loc[sorted(snapshot.selling)].iterrows()
    }
    if list(reps) == [UNASSIGNED]:  # everybody left: what the company books is nobody's yet
        reps[UNASSIGNED] = company
    made: dict[tuple[str, str], Outlook] = {}
    for method in METHODS:
        for name in RECONCILIATIONS:
            made[name, method] = _agreed(
                snapshot,
                name,
                company[method],
                {str(rep): by_method[method] for rep, by_method in reps.items()},
            )
    if snapshot.months >= SEASON:
        naive = _naive(snapshot)
        made |= {(name, SEASONAL_NAIVE): naive for name in RECONCILIATIONS}
    return made


def _agreed(
    snapshot: Snapshot, reconciliation: str, company: Carried, reps: dict[str, Carried]
) -> Outlook:
    reconcile = RECONCILIATIONS[reconciliation]
    amounts = reconcile(company.amounts, np.array([carried.amounts for carried in reps.values()]))
    by_rep = pd.DataFrame(amounts, index=list(reps), columns=_open_months(snapshot))
    if 0 in by_rep:
        by_rep[0] *= snapshot.late_share
    models = {rep: carried.model for rep, carried in reps.items()}
    if reconciliation == "top_down":
        models = {rep: f"{model}, scaled to the company" for rep, model in models.items()}
    top = company.model if reconciliation == "top_down" else "Sum of reps"
    return _outlook(snapshot, by_rep, models, top)


def _naive(snapshot: Snapshot) -> Outlook:
    now = month_of(snapshot.origin)
    ahead = _open_months(snapshot)
    year_ago = snapshot.history[[now + month - SEASON for month in ahead]].set_axis(ahead, axis=1)
    if 0 in year_ago:
        year_ago[0] = snapshot.late[now - SEASON]
    models = dict.fromkeys(snapshot.history.index, "SeasonalNaive")
    return _outlook(snapshot, year_ago.clip(lower=0.0), models, "SeasonalNaive")


def _outlook(snapshot: Snapshot, by_rep: pd.DataFrame, models: dict[str, str], top: str) -> Outlook:
    every = by_rep.reindex(index=snapshot.history.index, columns=range(STEPS), fill_value=0.0)
    totals = (snapshot.sums @ every.to_numpy().round(2)).round(2)
    named = {"company": top, "team": "Sum of reps"}
    return Outlook(
        to_come=pd.DataFrame(totals, index=snapshot.nodes, columns=range(STEPS)),
        models=[
            named.get(node_type) or models.get(key, "Zero: has left")
            for node_type, key in snapshot.nodes
        ],
    )
