"""Forecasts of all nodes at one origin, made to agree.

What a node has booked is known; what is still to come is forecast for the reps who may still sell,
and teams and company are sums of their reps as the tree stands at the origin. The naive alone
gives reps who have left what they sold a year ago, so that it is exactly last year's figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orchestration.forecast.members import STEPS, Member, open_months
from orchestration.forecast.methods import SEASON, SEASONAL_NAIVE, FloatArray
from orchestration.forecast.origins import Made
from orchestration.forecast.periods import month_of
from orchestration.forecast.reconcile import RECONCILIATIONS
from orchestration.forecast.series import KNOWN_MONTHS, Snapshot


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


def won(snapshot: Snapshot, first: int, last: int) -> FloatArray:
    """What each node has booked at the origin in the months ``first`` to ``last``."""
    known = [first <= month <= last for month in KNOWN_MONTHS]
    total: FloatArray = snapshot.booked.to_numpy()[:, known].sum(axis=1)
    return total


def outlooks(made: Made) -> dict[tuple[str, str], Outlook]:
    """The outlook of each reconciliation and method; the naive is the same in all of them."""
    return {
        (name, method): outlook_of(made, name, method)
        for method in made.members
        for name in RECONCILIATIONS
    }


def outlook_of(made: Made, reconciliation: str, method: str) -> Outlook:
    """The outlook of one method, made to agree in one way."""
    if method == SEASONAL_NAIVE and made.snapshot.months >= SEASON:
        return _naive(made.snapshot)
    member, errors = made.members[method], made.errors[method]
    return _agreed(made.snapshot, reconciliation, member, errors)


def _agreed(snapshot: Snapshot, reconciliation: str, member: Member, errors: FloatArray) -> Outlook:
    amounts = RECONCILIATIONS[reconciliation](member.company, member.reps.to_numpy(), errors)
    by_rep = pd.DataFrame(amounts, index=member.reps.index)
    models, top = member.models, member.top
    if reconciliation == "bottom_up":
        top = "Sum of reps"
    else:
        models = {rep: f"{model}, agreed by {reconciliation}" for rep, model in models.items()}
    return _outlook(snapshot, by_rep, models, top)


def _naive(snapshot: Snapshot) -> Outlook:
    now = month_of(snapshot.origin)
    ahead = open_months(snapshot)
    end = int(snapshot.history.columns[-1])
    years = [SEASON if now + month - SEASON <= end else 2 * SEASON for month in ahead]
    months = [now + month - back for month, back in zip(ahead, years, strict=True)]
    year_ago = snapshot.history[months].set_axis(ahead, axis=1)
    if 0 in year_ago:
        year_ago[0] = snapshot.late[now - SEASON]
    models = dict.fromkeys(snapshot.history.index, "SeasonalNaive")
    return _outlook(snapshot, year_ago.clip(lower=0.0), models, "SeasonalNaive")


def _outlook(snapshot: Snapshot, by_rep: pd.DataFrame, models: dict[str, str], top: str) -> Outlook:
    every = by_rep.reindex(index=snapshot.history.index, columns=range(STEPS), fill_value=0.0)
    totals = (snapshot.sums @ every.to_numpy().round(2)).round(2)
    named = {"company": top, "region": "Sum of reps", "team": "Sum of reps"}
    return Outlook(
        to_come=pd.DataFrame(totals, index=snapshot.nodes, columns=range(STEPS)),
        models=[
            named.get(node_type) or models.get(key, "Zero: has left")
            for node_type, key in snapshot.nodes
        ],
    )
