"""The scores of leads: their rows, how good such scores were, and what has drifted."""

from __future__ import annotations

import pandas as pd

from orchestration.forecast.scores import drift
from orchestration.forecast.scores.calibration import Calibration
from orchestration.forecast.scores.leads import (
    HORIZON_DAYS,
    LeadLook,
    conversion_chances,
    converted,
    levels_now,
    look_at_leads,
    told,
    without_each,
)
from orchestration.forecast.scores.reading import ScoreInputs
from orchestration.forecast.scores.reasons import reasons
from orchestration.forecast.scores.rules import rule_for_leads
from orchestration.forecast.scores.scored import Scored, method_of, provenance
from orchestration.forecast.scores.trial import (
    accuracy_rows,
    all_cases,
    calibration_by,
    corrected_then,
    judged,
    look_days,
)

LEAD = "lead"


def score_leads(inputs: ScoreInputs, today: int) -> Scored:
    """Score the leads of the last year that have not converted by the end of ``today``."""
    now = look_at_leads(inputs, today)
    looks = [look_at_leads(inputs, day) for day in look_days(today)]
    looks = [look for look in looks if len(look.states)]
    cases = all_cases([_judged(look) for look in looks])
    then = corrected_then(cases, HORIZON_DAYS)
    past = [levels_now(look.states) for look in looks]
    return Scored(
        rows=_rows(now, calibration_by(cases, HORIZON_DAYS, today)),
        accuracy=accuracy_rows(then, LEAD, HORIZON_DAYS, method_of(now.model)),
        watched=[
            *drift.calibration(LEAD, then),
            *drift.population(LEAD, past, levels_now(now.states)),
        ],
    )


def _judged(look: LeadLook) -> pd.DataFrame:
    states = look.states
    rule, _ = rule_for_leads(states)
    chances = conversion_chances(look.model, states) if look.model else None
    return judged(look.day, chances, rule, converted(look), states["source_system"])


def _rows(look: LeadLook, correction: Calibration) -> pd.DataFrame:
    states = look.states
    if look.model:
        chances = correction.corrected(conversion_chances(look.model, states))
        without = without_each(look.model, states).apply(correction.corrected)
    else:
        chances, without = rule_for_leads(states)
    return pd.DataFrame(
        {
            "lead_key": states["lead_key"],
            "conversion_chance": chances.round(4),
            **reasons(chances, without, told(states)),
            **provenance(method_of(look.model), correction),
        }
    )
