"""The sample company, ten times as large: is found what its generator planted?

The deals are taken from the generator as the product would read them from its history, so that
hundreds of deals stand behind each answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.deals import NEVER, known_by
from orchestration.forecast.periods import EPOCH, QuarterPlaces, day_number
from orchestration.forecast.scores import drift
from orchestration.forecast.scores.calibration import auc
from orchestration.forecast.scores.opportunities import (
    HORIZON_DAYS,
    DealLook,
    expected_close_days,
    look_at_deals,
    within,
    won_by_week,
    won_within,
)
from orchestration.forecast.scores.trial import (
    SPACING_DAYS,
    all_cases,
    corrected_then,
    judged,
    look_days,
)
from orchestration.forecast.season import seasonal_indices
from orchestration.sample.clock import GO_LIVE, month_of
from orchestration.sample.company import Company
from orchestration.sample.deals import END, Deal
from orchestration.sample.expectation import Expectation
from orchestration.sample.money import rate_at
from orchestration.sample.write import SEED
from orchestration.sample.write import deals as deals_of

SCALE = 0.2
"""Of a company of 100,000 opportunities."""
QUARTERS = QuarterPlaces(1)
RATES = pd.DataFrame(
    [("USD", 1.0, -1e7, np.nan)], columns=["currency_code", "factor", "from_day", "to_day"]
)
FIRST_MONTH = month_of(GO_LIVE) + 3
"""Bookings of the CRM's first months are of few deals yet."""
LAST_DAY = day_number(END.date())


@dataclass(frozen=True)
class Finding:
    """One planted truth: what was planted, what was measured of it, and whether it was found."""

    what: str
    planted: str
    measured: str
    is_found: bool


def findings() -> Iterator[Finding]:
    """Every planted truth that the forecast and its scores should find, one after the other."""
    company = Company(SCALE, SEED)
    deals = list(deals_of(company))
    versions = pd.DataFrame([row for deal in deals for row in _versions(deal)])
    regions = pd.Series({deal.id: deal.seat.region.name for deal in deals})
    known = known_by(versions, RATES, LAST_DAY)
    days = [LAST_DAY, *look_days(LAST_DAY)]
    looks = [look_at_deals(versions, RATES, day, QUARTERS) for day in days]
    yield _season(company, known)
    yield _win_rate(company, known, looks[1:], regions)
    yield _stalled(looks[0], deals)
    yield _slipping(known, looks[2:])


def _season(company: Company, known: pd.DataFrame) -> Finding:
    months = range(FIRST_MONTH, month_of(END.date()) + 1)
    won = known[known["is_won"] & (known["ended_day"] == NEVER)]
    closed = [month_of(EPOCH + dt.timedelta(days=int(day))) for day in won["close_day"]]
    booked = won["cents"].groupby(closed).sum().reindex(months, fill_value=0.0)
    expected = Expectation(company)
    planted = np.array([expected.company_bookings(month) for month in months])
    found, truth = seasonal_indices(booked.to_numpy()), seasonal_indices(planted)
    likeness = float(np.corrcoef(found, truth)[0, 1])
    return Finding(
        "season of bookings",
        f"months from {truth.min():.2f} to {truth.max():.2f} of the average",
        f"from {found.min():.2f} to {found.max():.2f}, correlation {likeness:.2f}",
        likeness >= 0.8,
    )


def _win_rate(
    company: Company, known: pd.DataFrame, looks: list[DealLook], regions: pd.Series[str]
) -> Finding:
    """Run the watch at the end of each quarter: it should warn of the region, and of no other."""
    truth = company.truth
    cases = []
    for look in looks:
        if look.hazard:
            chances = within(won_by_week(look.hazard, look.states), SPACING_DAYS)
            came = won_within(known, look, SPACING_DAYS)
            region = look.states["opportunity_key"].map(regions)
            cases.append(judged(look.day, chances, chances, came, region))
    then = corrected_then(all_cases(cases), SPACING_DAYS)
    since, right, wrong = day_number(truth.drift_from), [], []
    for day in sorted(then["day"].unique() + SPACING_DAYS):
        for row in drift.calibration("opportunity", then[then["day"] < day]):
            if row["is_drifted"]:
                is_right = day > since and row["watched"] in (truth.drift_region, drift.ALL)
                (right if is_right else wrong).append(f"{EPOCH + dt.timedelta(days=int(day))}")
    return Finding(
        "drift of the win rate",
        f"{truth.drift_region} wins {1 - truth.drift_factor:.0%} less from {truth.drift_from} on",
        f"warned at {', '.join(sorted(set(right))) or 'no time'}; {len(wrong)} false alarms",
        bool(right) and not wrong,
    )


def _stalled(look: DealLook, deals: list[Deal]) -> Finding:
    if look.hazard is None:
        raise ValueError("too few deals had closed to learn from")
    stalled = {deal.id for deal in deals if deal.quiet_from and deal.quiet_from <= END}
    is_stalled = look.states["opportunity_key"].isin(stalled).to_numpy(dtype=float)
    chances = within(won_by_week(look.hazard, look.states), HORIZON_DAYS)
    order = auc(1 - chances, is_stalled)
    means = [chances[is_stalled == kind].mean() for kind in (1, 0)]
    return Finding(
        "stalled deals",
        f"{int(is_stalled.sum())} of {len(chances)} open deals, which cannot be won",
        f"chance {means[0]:.2f} against {means[1]:.2f}, AUC {order:.2f}",
        order >= 0.8,
    )


def _slipping(known: pd.DataFrame, looks: list[DealLook]) -> Finding:
    """How far off are the dates that reps wrote, and those expected, of deals that were won?"""
    misses = []
    for look in looks:
        if look.hazard:
            is_won = won_within(known, look, HORIZON_DAYS) == 1
            ended = known.drop_duplicates("opportunity_key").set_index("opportunity_key")
            came = ended["outcome_day"].reindex(look.states["opportunity_key"]).to_numpy()
            expected = expected_close_days(won_by_week(look.hazard, look.states), look.day)
            by_reps = look.states["close_day"].to_numpy(dtype=float)
            misses.append(np.column_stack([came - by_reps, came - expected])[is_won])
    late = np.concatenate(misses)
    (rep_late, our_late), (rep_off, our_off) = np.mean(late, axis=0), np.mean(np.abs(late), axis=0)
    return Finding(
        "slipping close dates",
        f"orders come {rep_late:.0f} days after the date that reps wrote, {rep_off:.0f} off",
        f"{our_late:.0f} days after the one expected, {our_off:.0f} off",
        bool(our_off < rep_off and abs(our_late) < abs(rep_late)),
    )


def _versions(deal: Deal) -> Iterator[dict[str, object]]:
    """A deal's versions, as the product reads them from its history."""
    moments = sorted({change.at for change in [*deal.changes, *deal.owners]})
    moments = [at for at in moments if at <= (deal.deleted or END)]
    ends = [*moments[1:], deal.deleted]
    for at, end in zip(moments, ends, strict=True):
        state = [change for change in deal.changes if change.at <= at][-1]
        amount = None
        if state.amount is not None:
            amount = state.amount / 100 / (rate_at(deal.currency, deal.created.date()) / 10_000)
        yield {
            "opportunity_key": deal.id,
            "owner_key": deal.owner(at).name,
            "price_group": deal.owner(at).name,
            "account_key": str(deal.account),
            "stage_name": state.stage.name,
            "probability": state.probability / 100,
            "is_closed": state.stage.is_closed,
            "is_won": state.stage.is_won,
            "is_assumed": False,
            "currency_code": "USD",
            "amount_original": amount,
            "cents_at_close": amount * 100 if amount else np.nan,
            "known_day": day_number(at.date()),
            "ended_day": day_number(end.date()) if end else np.nan,
            "close_day": float(day_number(state.close_date)),
        }
