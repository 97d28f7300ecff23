"""A public CRM of one year, forecast 28 days ahead by the product's model of open deals.

The data have no history: a deal was open from its engage date until its close date, and nothing
else of it is believed while it was open. It has no amount then, and is worth the average won value
of its product to date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast.judging import NAIVE, FloatArray, Origin
from orchestration.forecast.deals import known_by, open_on
from orchestration.forecast.features import week_levels, with_record
from orchestration.forecast.hazard import fit_hazard
from orchestration.forecast.learn import correction, member_weights
from orchestration.forecast.periods import QuarterPlaces
from orchestration.forecast.pipeline import QUARTER_DAYS, expect
from orchestration.forecast.reconcile import RECONCILIATIONS
from orchestration.forecast.scores.calibration import auc

FIRST_TESTED, LAST_KNOWN = "2017-07-01", "2017-12-31"
AHEAD = 28
STEP = 14
OF_TIME = ["age", "month of the quarter", "week of the quarter"]
QUARTERS = QuarterPlaces(1)
PIPELINE, AVERAGE = "pipeline", "average"
MEMBERS = (NAIVE, AVERAGE, PIPELINE)
RATES = pd.DataFrame(
    [("USD", 1.0, -1e7, np.nan)], columns=["currency_code", "factor", "from_day", "to_day"]
)


@dataclass(frozen=True)
class Crm:
    """What was forecast of the CRM: at each origin, and of each deal then open."""

    origins: list[Origin]
    first_tested: int
    chances: FloatArray
    """Of each deal open at a tested origin, the chance to be won within the days ahead, corrected
    by what past origins expected too much or too little, as amounts are."""
    came: FloatArray
    static_auc: float
    """How well the closed deals of the test would be told apart by what does not change."""


def read_versions(folder: Path) -> pd.DataFrame:
    """The deals as versions, the way the product reads them from its history."""
    deals = pd.read_csv(folder / "raw" / "sales_pipeline.csv").dropna(subset=["engage_date"])
    engaged, closed = (_days(deals[column]) for column in ("engage_date", "close_date"))
    opened = pd.DataFrame(
        {
            "opportunity_key": deals["opportunity_id"],
            "owner_key": deals["sales_agent"],
            "price_group": deals["product"].replace("GTXPro", "GTX Pro"),
            "account_key": None,
            "stage_name": "Open",
            "is_closed": False,
            "is_won": False,
            "is_assumed": True,
            "currency_code": "USD",
            "amount_original": np.nan,
            "cents_at_close": np.nan,
            "known_day": engaged.astype("int64"),
            "ended_day": closed,
            "close_day": np.nan,
        }
    )
    ends = opened[closed.notna()].assign(
        stage_name="Closed",
        is_closed=True,
        is_won=deals["deal_stage"] == "Won",
        amount_original=deals["close_value"],
        cents_at_close=deals["close_value"] * 100,
        known_day=closed.dropna().astype("int64"),
        ended_day=np.nan,
        close_day=closed,
    )
    versions = pd.concat([opened, ends]).astype({"account_key": object})
    return versions.sort_values(["opportunity_key", "known_day", "is_closed"], ignore_index=True)


def _days(dates: pd.Series) -> pd.Series:
    return (pd.to_datetime(dates, format="%m/%d/%Y") - pd.Timestamp(0)).dt.days


def run(folder: Path) -> Crm:
    """Forecast the CRM every 14 days; those from July on are the test."""
    versions = read_versions(folder)
    reps = pd.Index(sorted(versions["owner_key"].unique()))
    first, last = ((pd.Timestamp(day) - pd.Timestamp(0)).days for day in (FIRST_TESTED, LAST_KNOWN))
    origins: list[Origin] = []
    lines: list[tuple[int, FloatArray, FloatArray]] = []
    chances, came = [], []
    begun = int(versions.loc[versions["is_closed"], "known_day"].min())
    earliest = first - (first - begun - QUARTER_DAYS) // STEP * STEP
    for day in range(earliest, last - AHEAD + 1, STEP):
        known, later = (known_by(versions, RATES, until) for until in (day, day + AHEAD))
        raw = _lines(known, day, reps)
        truth = _lines_won(later, day, reps)
        past = [(old, won) for then, old, won in lines[::-1] if then + AHEAD <= day]
        factors = [correction(*_totals(past, line)) for line in range(len(raw))]
        members = {
            NAIVE: _won_between(known, day - QUARTER_DAYS, reps),
            AVERAGE: _average(known, day, reps),
            PIPELINE: np.array(factors) @ raw,
        }
        origins.append(_origin(day, members, truth.sum(axis=0), origins))
        lines.append((day, raw, truth))
        if day >= first:
            chance, won = _deal_chances(known, later, day)
            chances.append(np.minimum(chance * factors[0], 1.0))
            came.append(won)
    return Crm(
        origins, first, np.concatenate(chances), np.concatenate(came), _static_auc(versions, first)
    )


def _totals(
    past: Sequence[tuple[FloatArray, FloatArray]], line: int
) -> tuple[FloatArray, FloatArray]:
    """What was expected of a line at past origins, and what came."""
    expected, came = (np.array([pair[side][line].sum() for pair in past]) for side in (0, 1))
    return expected, came


def _lines(known: pd.DataFrame, day: int, reps: pd.Index) -> FloatArray:
    """What open and new deals should bring each rep: a row for each of both."""
    expected = expect(known, day, [day + AHEAD], QUARTERS)
    if expected is None:
        return np.zeros((2, len(reps)))
    both = (expected.from_open[0], expected.from_new[0])
    return np.array([line.reindex(reps, fill_value=0.0) for line in both])


def _lines_won(later: pd.DataFrame, day: int, reps: pd.Index) -> FloatArray:
    won = later[later["is_won"] & (later["known_day"] > day)]
    return np.array([_sums(won[(won["created_day"] > day) == is_new], reps)
                     for is_new in (False, True)])  # fmt: skip


def _won_between(known: pd.DataFrame, day: int, reps: pd.Index) -> FloatArray:
    won = known[known["is_won"] & (known["known_day"] > day) & (known["known_day"] <= day + AHEAD)]
    return _sums(won, reps)


def _average(known: pd.DataFrame, day: int, reps: pd.Index) -> FloatArray:
    won = known[known["is_won"]]
    return _sums(won, reps) * AHEAD / (day - won["known_day"].min() + 1)


def _sums(won: pd.DataFrame, reps: pd.Index) -> FloatArray:
    return (won.groupby("owner_key")["cents"].sum() / 100).reindex(reps, fill_value=0.0).to_numpy()


def _origin(
    day: int, members: dict[str, FloatArray], truth: FloatArray, origins: Sequence[Origin]
) -> Origin:
    """Every member as it is, their stack, and all of them made to agree."""
    matured = [origin for origin in origins if origin.known_at <= day]
    base = {name: np.concatenate([[reps.sum()], reps]) for name, reps in members.items()}
    stack = np.zeros(1 + len(truth))
    for level in (slice(0, 1), slice(1, None)):
        rows = [
            np.column_stack([origin.forecasts[name][level, 0] for name in MEMBERS])
            for origin in matured
        ]
        seen = [origin.came[level, 0] for origin in matured]
        weights = member_weights(
            np.concatenate([np.zeros((0, len(MEMBERS))), *rows]),
            np.concatenate([[], *seen]),
            len(matured),
        )
        stack[level] = weights @ [base[name][level] for name in MEMBERS]
    ways = {name: amounts[:, None] for name, amounts in base.items()}
    for name, reconcile in RECONCILIATIONS.items():
        missed = [past.came - past.forecasts["stack, bottom_up"] for past in matured]
        errors = np.array(missed).reshape(-1, len(stack))
        agreed = reconcile(stack[:1], stack[1:, None], errors)[:, 0]
        ways[f"stack, {name}"] = np.concatenate([[agreed.sum()], agreed])[:, None]
    came = np.concatenate([[truth.sum()], truth])[:, None]
    return Origin(day, day + AHEAD, ways, came, scale=base[AVERAGE])


def _deal_chances(
    known: pd.DataFrame, later: pd.DataFrame, day: int
) -> tuple[FloatArray, FloatArray]:
    hazard = fit_hazard(known, day, QUARTERS)
    if hazard is None:
        raise ValueError("too few deals had closed to learn from")
    states = with_record(open_on(known, day), known[known["is_closed"]], day)
    won, _ = hazard.chances(states)
    winners = later.loc[later["is_won"] & (later["known_day"] > day), "opportunity_key"]
    return won[:, : AHEAD // 7].sum(axis=1), states["opportunity_key"].isin(winners).to_numpy()


def _static_auc(versions: pd.DataFrame, first: int) -> float:
    """Of the deals open at the first tested origin that closed, whether winners had better odds.

    The odds are what the product gives a deal to be won once it closes, without what it takes from
    the calendar and the deal's age: what is left stands still, and says nothing in these data.
    """
    known = known_by(versions, RATES, first)
    hazard = fit_hazard(known, first, QUARTERS)
    if hazard is None:
        raise ValueError("too few deals had closed to learn from")
    states = with_record(open_on(known, first), known[known["is_closed"]], first)
    states = states.reset_index(drop=True)
    rows = np.arange(len(states))
    levels = week_levels(states, rows, np.ones(len(states), dtype=np.int64), QUARTERS)
    parts = hazard.winning.parts(levels).drop(columns=OF_TIME)
    outcome = versions[versions["is_closed"]].set_index("opportunity_key")["is_won"]
    won = states["opportunity_key"].map(outcome)
    closed = won.notna().to_numpy()
    return auc(parts.sum(axis=1).to_numpy()[closed], won[closed].to_numpy(dtype=float))
