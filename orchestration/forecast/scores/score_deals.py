"""The scores of open deals: their rows, how good such scores were, and what has drifted."""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.deals import known_by
from orchestration.forecast.inputs import Inputs
from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import EPOCH, QuarterPlaces, day_number
from orchestration.forecast.scores import drift
from orchestration.forecast.scores.calibration import Calibration
from orchestration.forecast.scores.opportunities import (
    HORIZON_DAYS,
    DealLook,
    expected_close_days,
    levels_now,
    look_at_deals,
    told,
    within,
    without_each,
    won_by_week,
    won_within,
)
from orchestration.forecast.scores.reasons import reasons
from orchestration.forecast.scores.rules import rule_for_deals
from orchestration.forecast.scores.scored import Scored, method_of, provenance
from orchestration.forecast.scores.trial import (
    SPACING_DAYS,
    accuracy_rows,
    all_cases,
    calibration_by,
    corrected_then,
    judged,
    look_days,
)

OPPORTUNITY = "opportunity"
NO_REGION = "no region"


def score_deals(inputs: Inputs, regions: pd.Series[str], quarters: QuarterPlaces) -> Scored:
    """Score the deals open at the as-of date.

    Args:
        inputs: The deals.
        regions: Where each user sells.
        quarters: The company's fiscal quarters.
    """
    today = day_number(inputs.as_of)
    deals, rates = inputs.deals, inputs.rates
    now = look_at_deals(deals, rates, today, quarters)
    looks = [look_at_deals(deals, rates, day, quarters) for day in look_days(today)]
    looks = [look for look in looks if len(look.states)]
    by_weeks = [won_by_week(look.hazard, look.states) if look.hazard else None for look in looks]
    known = known_by(deals, rates, today)
    soon, cases = (
        _judged(
            [
                (look, by_week)
                for look, by_week in zip(looks, by_weeks, strict=True)
                if look.day + days <= today
            ],
            known,
            regions,
            days,
        )
        for days in (SPACING_DAYS, HORIZON_DAYS)
    )
    soon_then, then = corrected_then(soon, SPACING_DAYS), corrected_then(cases, HORIZON_DAYS)
    published = method_of(now.hazard)
    accuracy = [
        accuracy_rows(soon_then, OPPORTUNITY, SPACING_DAYS, published),
        accuracy_rows(then, OPPORTUNITY, HORIZON_DAYS, published),
    ]
    past = [levels_now(look.states, quarters) for look in looks]
    return Scored(
        rows=_rows(now, calibration_by(cases, HORIZON_DAYS, today)),
        accuracy=pd.concat(accuracy, ignore_index=True),
        watched=[
            *drift.calibration(OPPORTUNITY, soon_then),
            *drift.population(OPPORTUNITY, past, levels_now(now.states, quarters)),
        ],
    )


def _judged(
    looks: list[tuple[DealLook, FloatArray | None]],
    known: pd.DataFrame,
    regions: pd.Series[str],
    days: int,
) -> pd.DataFrame:
    """What looks said of the days after them, beside what is known to have come.

    With each look are the chances of its deals to be won by the end of each week; None where
    nothing had been learned.
    """
    cases = []
    for look, by_week in looks:
        region = look.states["owner_key"].map(regions).fillna(NO_REGION)
        rule, _ = rule_for_deals(look.states, look.day, look.won_share)
        chances = None if by_week is None else within(by_week, days)
        cases.append(judged(look.day, chances, rule, won_within(known, look, days), region))
    return all_cases(cases)


def _rows(look: DealLook, correction: Calibration) -> pd.DataFrame:
    states = look.states
    if look.hazard:
        by_week = won_by_week(look.hazard, states)
        chances = correction.corrected(within(by_week, HORIZON_DAYS))
        without = without_each(look.hazard, states).apply(correction.corrected)
        days = expected_close_days(by_week, look.day)
    else:
        chances, without = rule_for_deals(states, look.day, look.won_share)
        days = states["close_day"].where(states["close_day"] > look.day).to_numpy(dtype=float)
    dates = pd.Timestamp(EPOCH) + pd.to_timedelta(pd.Series(days), unit="D")
    return pd.DataFrame(
        {
            "opportunity_key": states["opportunity_key"],
            "win_chance": chances.round(4),
            "expected_close_date": dates,
            **reasons(chances, without, told(states, look.day)),
            **provenance(method_of(look.hazard), correction),
        }
    )
