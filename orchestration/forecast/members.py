"""What each method forecasts for company and reps at one origin, before they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.hierarchy import UNASSIGNED
from orchestration.forecast.market import market_pull
from orchestration.forecast.methods import (
    SERIES_METHODS,
    SUBMITTED,
    Carried,
    FloatArray,
    carry_forward,
)
from orchestration.forecast.newcomers import newcomers
from orchestration.forecast.periods import HORIZON_MONTHS, first_open_month, month_of
from orchestration.forecast.pipeline import Expected
from orchestration.forecast.season import seasonal_indices
from orchestration.forecast.series import Snapshot

STEPS = HORIZON_MONTHS + 1
PIPELINE_MODEL = "Hazard of open deals; last quarter's new deals once more"


@dataclass(frozen=True)
class Member:
    """One method's forecast of what is to come, by month from the one in progress (0) on.

    ``company`` has an amount per month, ``reps`` a row for each who may still sell. ``models`` says
    what made each rep's row, ``top`` what made the company's.
    """

    company: FloatArray
    reps: pd.DataFrame
    models: dict[str, str]
    top: str


def open_months(snapshot: Snapshot) -> range:
    """The months to forecast, from the origin's: that one itself unless it is over."""
    return range(first_open_month(snapshot.origin) - month_of(snapshot.origin), STEPS)


def series_members(snapshot: Snapshot) -> dict[str, Member]:
    """The forecasts of the methods that carry series forward, each fitted to reps and company."""
    history = snapshot.history
    months = open_months(snapshot)
    total = history.sum(axis=0).to_numpy()
    season = seasonal_indices(total)
    company = carry_forward(total, len(months), season)
    new = newcomers(snapshot, season, len(months))
    reps = {
        str(rep): carry_forward(row.to_numpy(), len(months), season, new.get(str(rep)))
        for rep, row in history.loc[sorted(snapshot.selling)].iterrows()
    }
    if list(reps) == [UNASSIGNED]:  # everybody left: what the company books is nobody's yet
        reps[UNASSIGNED] = company
    return {
        method: _member(
            snapshot, company[method], {rep: carried[method] for rep, carried in reps.items()}
        )
        for method in SERIES_METHODS
    }


def _member(snapshot: Snapshot, company: Carried, reps: dict[str, Carried]) -> Member:
    months = open_months(snapshot)
    amounts = np.zeros((1 + len(reps), STEPS))
    amounts[:, months.start :] = [company.amounts, *(carried.amounts for carried in reps.values())]
    if 0 in months:
        amounts[:, 0] *= snapshot.late_share
    return Member(
        company=amounts[0],
        reps=pd.DataFrame(amounts[1:], index=list(reps)),
        models={rep: carried.model for rep, carried in reps.items()},
        top=company.model,
    )


def market_member(snapshot: Snapshot, index: pd.DataFrame, median: Member) -> Member:
    """The median ensemble moved with the market; as it is where the market tells nothing yet."""
    total = snapshot.history.sum(axis=0).to_numpy(dtype=float)
    sizes = np.resize(seasonal_indices(total), len(total))
    end, months = first_open_month(snapshot.origin), open_months(snapshot)
    pull = market_pull(total / sizes, end, index, len(months))
    factors = np.ones(STEPS)
    said = "Nothing learned of the market"
    if pull is not None:
        factors[months.start :] = pull.factors
        said = f"Moved with '{pull.series}' of {pull.lag} months before"
    return Member(
        company=median.company * factors,
        reps=median.reps * factors,
        models={rep: f"{said}: {model}" for rep, model in median.models.items()},
        top=f"{said}: {median.top}",
    )


def pipeline_member(snapshot: Snapshot, expected: Expected) -> Member:
    """What open deals and deals to be created should bring.

    What the deals of reps who left should bring goes to those who may still sell, in proportion to
    what their own should.
    """
    reps = taken_over(snapshot, expected.from_open) + taken_over(snapshot, expected.from_new)
    return Member(
        company=reps.sum(axis=0).to_numpy(),
        reps=reps,
        models=dict.fromkeys(reps.index, PIPELINE_MODEL),
        top="Sum of reps",
    )


def submitted_member(snapshot: Snapshot, otherwise: Member) -> Member:
    """What reps and managers submitted, less what is booked; ``otherwise`` where nobody did.

    The company is the sum of the largest teams and of the reps in none that were submitted for,
    and of the other reps by ``otherwise``.
    """
    company, reps = otherwise.company.copy(), otherwise.reps.copy()
    now = month_of(snapshot.origin)
    months = snapshot.submitted.index.get_level_values("month")
    for ahead in open_months(snapshot):
        of_month = snapshot.submitted[months == now + ahead]
        if of_month.empty:
            continue
        booked = snapshot.booked[0] * (ahead == 0)
        covered: set[str] = set()
        total = 0.0
        for user, amount in _largest_first(snapshot, of_month[SUBMITTED].droplevel("month")):
            node = snapshot.node_of(user)
            below = set(snapshot.members.get(node, []))
            to_come = max(amount - booked.get(node, 0.0), 0.0)
            if node[0] == "rep" and user in reps.index:
                reps.loc[user, ahead] = to_come
            if not below <= covered:
                covered |= below
                total += to_come
        others = otherwise.reps[~otherwise.reps.index.isin(covered)]
        company[ahead] = total + others[ahead].sum()
    said = "Submitted for the months with a submission, else"
    return Member(
        company=company,
        reps=reps,
        models={rep: f"{said} {model}" for rep, model in otherwise.models.items()},
        top=f"{said} {otherwise.top}",
    )


def _largest_first(snapshot: Snapshot, submitted: pd.Series[float]) -> list[tuple[str, float]]:
    """Users and what they submitted, those with most reps below them first."""
    size = {user: len(snapshot.members.get(snapshot.node_of(user), [])) for user in submitted.index}
    said = [(str(user), float(amount)) for user, amount in submitted.items()]
    return sorted(said, key=lambda one: (-size[one[0]], one[0]))


def taken_over(snapshot: Snapshot, by_owner: pd.DataFrame) -> pd.DataFrame:
    """Amounts by owner as amounts of those who may still sell, with the same sum."""
    selling = sorted(snapshot.selling)
    own = by_owner.reindex(selling, fill_value=0.0)
    left = by_owner.sum(axis=0) - own.sum(axis=0)
    weights = own.sum(axis=1).clip(lower=0.0)
    if not weights.any():
        weights = weights + 1.0
    shared = np.outer(weights / weights.sum(), left)
    return own + shared
