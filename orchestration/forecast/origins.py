"""Everything forecast at one origin, with what the origins before it had taught by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from orchestration.forecast.accounts import Accounts, accounts_of, looked_at
from orchestration.forecast.deals import known_by, won_at
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.learn import correction, member_weights
from orchestration.forecast.market import known_index
from orchestration.forecast.members import (
    STEPS,
    Member,
    market_member,
    pipeline_member,
    series_members,
    submitted_member,
    taken_over,
)
from orchestration.forecast.methods import (
    MARKET,
    MEDIAN,
    MEMBERS,
    PIPELINE,
    STACK,
    SUBMITTED,
    FloatArray,
)
from orchestration.forecast.periods import (
    QuarterPlaces,
    day_number,
    first_day,
    first_open_month,
    month_of,
)
from orchestration.forecast.pipeline import Expected, expect
from orchestration.forecast.series import Snapshot, end_of, snapshot

NEIGHBOURS = 1
"""Months ahead, on either side, whose past forecasts also teach a month ahead."""


@dataclass(frozen=True)
class Made:
    """What was forecast at one origin.

    ``expected`` is what the deals should bring, before any correction; None where too few had
    closed to say. ``open_share`` has, for every rep and month, the part of what deals should bring
    that comes from those already there. ``errors`` has for each method a row per matured forecast
    of earlier origins, and a column for the company and each rep. ``accounts`` are those known,
    ``looks`` what each way of looking at them expects. ``market_skill`` is the share of the median
    ensemble's error for the company that the market had saved; None while nothing tells.
    """

    snapshot: Snapshot
    expected: Expected | None
    members: dict[str, Member]
    errors: dict[str, FloatArray]
    open_share: pd.DataFrame | None
    accounts: Accounts
    looks: dict[str, FloatArray]
    market_skill: float | None

    @property
    def reps(self) -> pd.Index[str]:
        """The reps that were forecast."""
        return self.members[MEDIAN].reps.index

    @cached_property
    def amounts(self) -> dict[str, FloatArray]:
        """What was forecast by each method, of company and reps, by month."""
        return {method: _amounts(member) for method, member in self.members.items()}


def make(inputs: Inputs, origin: dt.date, quarters: QuarterPlaces, past: Sequence[Made]) -> Made:
    """Forecast from an origin by every method.

    Args:
        inputs: What was read from the marts; nothing later than the origin is used.
        origin: The day whose end is forecast from.
        quarters: The company's fiscal quarters.
        past: What was made at earlier origins, newest first.
    """
    now = snapshot(inputs, origin)
    known = known_by(inputs.deals, inputs.rates, day_number(origin))
    first = month_of(origin) + 1
    ends = [day_number(first_day(first + ahead)) - 1 for ahead in range(STEPS)]
    raw = expect(known, day_number(origin), ends, quarters)
    members = series_members(now)
    open_share = corrected = None
    if raw is None:
        instead = members[MEDIAN]
        models = {rep: f"Too few closed deals: {model}" for rep, model in instead.models.items()}
        members[PIPELINE] = Member(instead.company, instead.reps, models, instead.top)
    else:
        corrected = _corrected(raw, known, month_of(origin), past)
        members[PIPELINE] = pipeline_member(now, corrected)
        open_share = _open_share(now, corrected)
    if len(inputs.submissions):
        members[SUBMITTED] = submitted_member(now, members[MEDIAN])
    if len(inputs.market):
        index = known_index(inputs.market, end_of(origin, inputs.zone), first_open_month(origin))
        members[MARKET] = market_member(now, index, members[MEDIAN])
    matured = _matured(now, past)
    market_skill = _market_skill(matured) if MARKET in members else None
    left_out = {SUBMITTED} if now.submitted.empty else set()
    if market_skill is None or market_skill <= 0:
        left_out.add(MARKET)
    members[STACK] = _stack(members, matured, left_out)
    errors = {method: _errors(members[method].reps.index, matured, method) for method in members}
    accounts = accounts_of(inputs, now, known, corrected)
    looks = looked_at(accounts, now, corrected)
    return Made(now, raw, members, errors, open_share, accounts, looks, market_skill)


def _corrected(raw: Expected, known: pd.DataFrame, month: int, past: Sequence[Made]) -> Expected:
    """The expectation without the bias that it had at matured origins, by month ahead."""
    lines = []
    for is_new in (False, True):
        totals: list[tuple[int, float, float]] = []
        for made in past:
            if made.expected is None:
                continue
            then = month_of(made.snapshot.origin)
            came = won_at(known, day_number(made.snapshot.origin), is_new=is_new)
            line = made.expected.from_new if is_new else made.expected.from_open
            totals += [
                (ahead, float(line[ahead].sum()), came.get(then + ahead, 0.0))
                for ahead in range(min(STEPS, month - then))
            ]
        factors = []
        for ahead in range(STEPS):
            near = np.array(
                [(due, came) for at, due, came in totals if abs(at - ahead) <= NEIGHBOURS]
            ).reshape(-1, 2)
            factors.append(correction(near[:, 0], near[:, 1]))
        lines.append(np.array(factors))
    of_open, of_new = lines
    return Expected(
        raw.from_open * of_open, raw.from_new * of_new, raw.from_open_accounts * of_open
    )


def _open_share(now: Snapshot, expected: Expected) -> pd.DataFrame:
    from_open = taken_over(now, expected.from_open)
    total = from_open + taken_over(now, expected.from_new)
    of_all = from_open.sum() / total.sum().where(total.sum() > 0)
    return (from_open / total.where(total > 0)).fillna(of_all.fillna(0.0))


@dataclass(frozen=True)
class Matured:
    """A month that is over at an origin, as one before it had forecast it: what came is known.

    ``forecasts`` has, by method, an amount for the company and each of the ``reps``, ``came`` is
    alike.
    """

    origin: dt.date
    ahead: int
    reps: pd.Index[str]
    forecasts: dict[str, FloatArray]
    came: FloatArray


def _matured(now: Snapshot, past: Sequence[Made]) -> list[Matured]:
    """What earlier origins had forecast for months complete now, newest origin first."""
    found = []
    for made in past:
        then, reps = month_of(made.snapshot.origin), made.reps
        for ahead in range(STEPS):
            if then + ahead not in now.history.columns:
                continue
            came = now.history[then + ahead]
            if ahead == 0:
                booked = made.snapshot.booked.loc["rep"][0]
                came = came.sub(booked.reindex(came.index, fill_value=0.0))
            of_reps = came.reindex(reps, fill_value=0.0).to_numpy()
            found.append(
                Matured(
                    origin=made.snapshot.origin,
                    ahead=ahead,
                    reps=reps,
                    forecasts={method: each[:, ahead] for method, each in made.amounts.items()},
                    came=np.r_[came.sum(), of_reps],
                )
            )
    return found


def _market_skill(matured: Sequence[Matured]) -> float | None:
    """By how much the market had made the median ensemble's error for the company smaller."""
    missed = {
        method: sum(abs(float(case.came[0] - case.forecasts[method][0])) for case in matured)
        for method in (MARKET, MEDIAN)
    }
    return 1 - missed[MARKET] / missed[MEDIAN] if missed[MEDIAN] > 0 else None


def _stack(members: dict[str, Member], matured: Sequence[Matured], left_out: set[str]) -> Member:
    """The members weighed by how they did at matured origins, by level and month ahead.

    Left out is what was submitted, as long as nobody did, and the market, as long as it has not
    done better than the median ensemble, which it moves.
    """
    reps = members[MEDIAN].reps
    names = [name for name in MEMBERS if name in members and name not in left_out]
    amounts = np.array([_amounts(members[name]) for name in names])
    stacked = np.zeros((1 + len(reps), STEPS))
    for ahead in range(STEPS):
        near = [case for case in matured if abs(case.ahead - ahead) <= NEIGHBOURS]
        for level in (slice(0, 1), slice(1, None)):
            seen = [np.column_stack([case.forecasts[n][level] for n in names]) for case in near]
            came = [case.came[level] for case in near]
            weights = member_weights(
                np.concatenate([np.zeros((0, len(names))), *seen]),
                np.concatenate([[], *came]),
                len({case.origin for case in near}),
            )
            stacked[level, ahead] = weights @ amounts[:, level, ahead]
    model = f"Weighed: {', '.join(names)}"
    return Member(
        company=stacked[0],
        reps=pd.DataFrame(stacked[1:], index=reps.index),
        models=dict.fromkeys(reps.index, model),
        top=model,
    )


def _errors(reps: pd.Index[str], matured: Sequence[Matured], method: str) -> FloatArray:
    """A row per matured month, a column for the company and each rep; 0 for reps not there then."""
    errors = np.zeros((len(matured), 1 + len(reps)))
    for row, case in enumerate(matured):
        missed = case.came - case.forecasts[method]
        errors[row, 0] = missed[0]
        places = case.reps.get_indexer(reps)
        errors[row, 1:] = np.where(places >= 0, missed[1:][places], 0.0)
    return errors


def _amounts(member: Member) -> FloatArray:
    """A row for the company and each rep, a column per month."""
    return np.vstack([member.company, member.reps.to_numpy()])
