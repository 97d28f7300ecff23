"""Leads at the end of a day: the chance of each to convert within 90 days, and what moves it.

A hazard in discrete time, as for deals: in each of five stretches of the 90 days a lead that has
not converted does so with a chance that is learned from leads of the past. A stretch counts when
all of it had passed, so a young lead counts for the stretches that it was watched for, and is no
negative for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.forecast.features import binned, categorical, crossed
from orchestration.forecast.logistic import Logistic, fit_logistic, logistic
from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import DayArray
from orchestration.forecast.scores.reading import ScoreInputs
from orchestration.forecast.scores.reasons import counted

FEWEST_CONVERSIONS = 120
"""Conversions that it takes to score by what was learned rather than by rule."""
HORIZON_DAYS = 90
ENDS = np.array([7, 14, 30, 60, HORIZON_DAYS])
"""The days after the look at which the stretches end."""
STARTS = np.r_[0, ENDS[:-1]]
OLDEST_DAYS = 365
"""Leads that became one longer ago are not scored, nor learned from."""
LOOKS = (91, 182, 273, 364)
"""Days before an origin at which leads are looked at to learn, beside the day they became one."""
LEARNED_DAYS = 2 * 364
MOST_ROWS = 120_000
"""Stretches learned from; of more, those of a part of the states, drawn by their hashes."""
MOST_LEVELS = 30
"""Sources and channels that are told apart, the most frequent ones; the rest is one level."""

AGE_DAYS = (3, 7, 14, 30, 45, 60, 90, 120, 182, 273)
YOUNG_DAYS = 30
TOUCH_DAYS = (7, 30, 90)
MOST_TOUCHES = 3
ANSWER_MINUTES = {"within an hour": 60, "within a day": 1440, "within a week": 10080}
NO_TOUCH, OTHER, AHEAD = "none", "other", "time ahead"
UNTOUCHED = "no touch is known"


@dataclass(frozen=True)
class LeadLook:
    """The leads at the end of a day that had not converted, with nothing but what was known then.

    ``model`` is None where too few leads had converted.
    """

    day: int
    states: pd.DataFrame
    model: Logistic | None


def look_at_leads(inputs: ScoreInputs, day: int) -> LeadLook:
    """Look at the leads of a day, and learn from what was known of all by then."""
    return LeadLook(day, states_on(inputs, day), fit_leads(inputs, day))


def states_on(inputs: ScoreInputs, day: int) -> pd.DataFrame:
    """The leads of the year before a day that had not converted by its end."""
    return _states(inputs, _there_on(inputs, day))


def converted(look: LeadLook) -> FloatArray:
    """1 for each lead of a look that converted within `HORIZON_DAYS` after it, 0 for the others."""
    return np.asarray(look.states["outcome_day"] <= look.day + HORIZON_DAYS, dtype=float)


def fit_leads(inputs: ScoreInputs, origin: int) -> Logistic | None:
    """Learn from everything known at the end of ``origin``; None with too few conversions."""
    if (inputs.leads["outcome_day"] <= origin).sum() < FEWEST_CONVERSIONS:
        return None
    looks = [_born_until(inputs, origin), *(_there_on(inputs, origin - days) for days in LOOKS)]
    total = sum(int(_watched(inputs.leads, days, origin)[0].sum()) for days in looks)
    if total > MOST_ROWS:
        lots = pd.util.hash_pandas_object(inputs.leads["lead_key"], index=False).to_numpy()
        is_drawn = lots / 2.0**64 < MOST_ROWS / total
        looks = [np.where(is_drawn, days, -1) for days in looks]
    states = pd.concat([_states(inputs, days) for days in looks], ignore_index=True)
    at_risk, stretches = _watched(states, states["state_day"].to_numpy(), origin)
    rows = np.repeat(np.arange(len(states)), at_risk)
    stretch = np.arange(len(rows)) - np.repeat(at_risk.cumsum() - at_risk, at_risk)
    converts = stretch + 1 == stretches[rows]
    if not converts.any():
        return None
    return fit_logistic(stretch_levels(states, rows, stretch), converts)


def conversion_chances(model: Logistic, states: pd.DataFrame) -> FloatArray:
    """The chance of each lead to convert within `HORIZON_DAYS`."""
    return _within(model.chances(all_levels(states)))


def without_each(model: Logistic, states: pd.DataFrame) -> pd.DataFrame:
    """What each lead's chance would be if one thing about it were as usual: a column per thing."""
    parts = model.parts(all_levels(states))
    odds = model.base + parts.to_numpy().sum(axis=1)
    things = [name for name in model.usual if name != AHEAD]
    return pd.DataFrame(
        {
            name: _within(logistic(odds - parts[name].to_numpy() + model.usual[name]))
            for name in things
        }
    )


def levels_now(states: pd.DataFrame) -> pd.DataFrame:
    """The level of each feature of the leads themselves in the first stretch, by lead."""
    first = np.zeros(len(states), dtype=np.int64)
    levels = stretch_levels(states, np.arange(len(states)), first)
    return levels.drop(columns=AHEAD).set_index(states["lead_key"])


def _within(by_stretch: FloatArray) -> FloatArray:
    chances: FloatArray = 1 - np.prod(1 - by_stretch.reshape(-1, len(ENDS)), axis=1)
    return chances


def _there_on(inputs: ScoreInputs, day: int) -> DayArray:
    """The day, for each lead that was to be looked at on it; -1 for the others."""
    born, ends = (inputs.leads[name].to_numpy() for name in ("lead_day", "outcome_day"))
    return np.where((born <= day) & (born > day - OLDEST_DAYS) & (ends > day), day, -1)


def _born_until(inputs: ScoreInputs, day: int) -> DayArray:
    """The day on which each lead became one, of those to learn from; -1 for the others."""
    born, ends = (inputs.leads[name].to_numpy() for name in ("lead_day", "outcome_day"))
    return np.where((born <= day) & (born > day - LEARNED_DAYS) & (ends > born), born, -1)


def _watched(leads: pd.DataFrame, state_days: DayArray, origin: int) -> tuple[DayArray, DayArray]:
    """How many stretches each lead was watched for, and in which, counted from 1, it converted.

    Args:
        leads: Leads.
        state_days: The day on which each is looked at; -1 for those that are not.
        origin: The last day that was seen.
    """
    complete = np.searchsorted(ENDS, origin - state_days, side="right")
    stretches = np.searchsorted(ENDS, leads["outcome_day"].to_numpy() - state_days) + 1
    return np.where(state_days >= 0, np.minimum(complete, stretches), 0), stretches


def _states(inputs: ScoreInputs, state_days: DayArray) -> pd.DataFrame:
    """Leads as they stood at the end of a day of their own; -1 for those that are not looked at."""
    leads, is_there = inputs.leads, state_days >= 0
    states = leads[is_there].assign(state_day=state_days[is_there]).reset_index(drop=True)
    day = states["state_day"]
    is_seen = (inputs.touches["touched_day"] <= state_days[inputs.touches["lead"]]).to_numpy()
    touches = inputs.touches[is_seen].groupby("lead")
    found = pd.DataFrame(
        {
            "first_channel": touches["channel"].first(),
            "touch_count": touches.size(),
            "touch_day": touches["touched_day"].max(),
        }
    ).reindex(np.flatnonzero(is_there))
    return states.assign(
        age=day - states["lead_day"],
        first_channel=found["first_channel"].fillna(NO_TOUCH).to_numpy(),
        touch_count=found["touch_count"].fillna(0).astype(int).to_numpy(),
        touch_age=day - found["touch_day"].to_numpy(dtype=float),
        answer=np.where(states["responded_day"] <= day, _speed(states), "not yet"),
        qualified=np.select(
            [states["sql_day"] <= day, states["mql_day"] <= day],
            ["sales qualified", "marketing qualified"],
            "not qualified",
        ),
    )


def _speed(states: pd.DataFrame) -> FloatArray:
    edges = np.array(list(ANSWER_MINUTES.values()))
    names = np.array([*ANSWER_MINUTES, "later"])
    speed: FloatArray = names[np.searchsorted(edges, states["response_minutes"].fillna(np.inf))]
    return speed


def all_levels(states: pd.DataFrame) -> pd.DataFrame:
    """The level of each feature in all stretches of the first lead, then of the second, ..."""
    rows = np.repeat(np.arange(len(states)), len(ENDS))
    return stretch_levels(states, rows, np.tile(np.arange(len(ENDS)), len(states)))


def stretch_levels(states: pd.DataFrame, rows: DayArray, stretch: DayArray) -> pd.DataFrame:
    """The level of each feature, for leads in coming stretches: a categorical column each.

    Status and rating are no features: reps set them when they know what became of a lead. Nor is
    being qualified: before the first extract that is known of leads that did not convert alone.

    Args:
        states: Leads.
        rows: Which of them, by place.
        stretch: The stretch ahead, 0 being the first.
    """
    age = states["age"].to_numpy()[rows] + (STARTS + ENDS)[stretch] / 2
    youth = pd.Categorical(np.where(age < YOUNG_DAYS, "young", "old"))
    touches = np.minimum(states["touch_count"].to_numpy(), MOST_TOUCHES)
    return pd.DataFrame(
        {
            "age": binned(age, AGE_DAYS, "days"),
            AHEAD: crossed(categorical(stretch, [f"to {end} days" for end in ENDS]), youth),
            "CRM": pd.Categorical(states["source_system"])[rows],
            "source": _frequent(states["lead_source"])[rows],
            "first touch": _frequent(states["first_channel"])[rows],
            "touches": binned(touches, range(1, MOST_TOUCHES + 1), "touches")[rows],
            "last touch": binned(states["touch_age"], TOUCH_DAYS, "days")[rows],
            "answer": pd.Categorical(states["answer"])[rows],
        }
    )


def _frequent(values: pd.Series[str]) -> pd.Categorical:
    """The values as levels, the rare ones of many together."""
    known = values.fillna("unknown").astype(str)
    counts = known.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    kept = set(counts.index[:MOST_LEVELS])
    return pd.Categorical(known.where(known.isin(kept), OTHER))


def told(states: pd.DataFrame) -> pd.DataFrame:
    """Every thing about leads in words, a column each."""
    is_touched, is_answered = states["touch_count"] > 0, states["answer"] != "not yet"
    touches = counted(states["touch_count"], "touch", "touches")
    last = "last touch " + counted(states["touch_age"].fillna(0), "day", "days") + " ago"
    qualified = states["qualified"].str.replace("not qualified", "not qualified yet")
    return pd.DataFrame(
        {
            "age": "became a lead " + counted(states["age"], "day", "days") + " ago",
            "CRM": "comes from " + states["source_system"],
            "source": "source is " + states["lead_source"].fillna("not known"),
            "first touch": ("first touch was " + states["first_channel"]).where(
                is_touched, UNTOUCHED
            ),
            "touches": touches.where(is_touched, UNTOUCHED),
            "last touch": last.where(is_touched, UNTOUCHED),
            "answer": ("was answered " + states["answer"]).where(is_answered, "was not answered"),
            "qualified": "is " + qualified,
        }
    )
