"""How every deal stood at the end of any day, and how it went on, as far as that was known.

Days are whole numbers, counted from 1970-01-01. States that nobody saw, only carried back from a
later one ('assumed'), say that the deal was there and whose it was: their stage, amount, close date
and account come from the future and are left out. A deal that was deleted while open is lost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.forecast.methods import FloatArray
from orchestration.forecast.periods import DayArray

NEVER = 10**7
"""A day after all days."""
UNKNOWN = "Unknown"

BoolArray = npt.NDArray[np.bool_]


def known_by(versions: pd.DataFrame, rates: pd.DataFrame, day: int) -> pd.DataFrame:
    """The versions of deals that could be known at the end of a day, and what was known of each.

    Args:
        versions: One row per deal and version, those of a deal together and in order:
            ``opportunity_key``, ``owner_key``, ``price_group`` (deals whose wins say what one
            without an amount is worth), ``account_key``, ``stage_name``, ``is_closed``,
            ``is_won``, ``is_assumed``, ``currency_code``, ``amount_original``, ``cents_at_close``
            (of the reporting currency), ``known_day``, ``ended_day`` and ``close_day``. A version
            is seen at the end of its known day and no longer at the end of its ended day.
        rates: ``factor`` of each ``currency_code``, from ``from_day`` until before ``to_day``.
        day: The last day that is seen.

    Returns:
        The versions begun by then, with ``cents``: an open amount at the day's rate, a closed one
        at that of its close date, NaN where nobody entered one, 0 where its currency has no rate.
        ``created_day``, ``stage_day`` (since when it stands in its stage) and ``push_count`` (how
        often the close date moved to a later month) look back. ``outcome_day``, ``is_lost`` and
        ``brought_cents`` look forward to what is known of the outcome that followed: a win counts
        on its close date; without an outcome the day is `NEVER`.
    """
    known = versions[versions["known_day"] <= day].reset_index(drop=True)
    keys = known["opportunity_key"].to_numpy()
    is_first = np.r_[True, keys[1:] != keys[:-1]][: len(known)]
    is_closed = known["is_closed"].to_numpy(dtype=bool)
    is_seen = ~(known["is_assumed"].to_numpy(dtype=bool) & ~is_closed)
    stage = known["stage_name"].where(is_seen, UNKNOWN)
    enters = is_first | (stage != stage.shift()).to_numpy()
    deal = is_first.cumsum()
    # Set one by one: a company has a million versions, and every copy of them takes its time.
    known["ended_day"] = known["ended_day"].where(known["ended_day"] <= day, NEVER).astype(np.int64)
    known["stage_name"] = stage
    known["account_key"] = known["account_key"].where(is_seen)
    known["close_day"] = known["close_day"].where(is_seen).astype(float)
    known["cents"] = _cents(known, rates, day).where(is_seen)
    known["created_day"] = _day_of_last(known["known_day"], is_first)
    known["stage_day"] = _day_of_last(known["known_day"], enters)
    month = _months(known["close_day"])
    is_push = (month > month.shift()).to_numpy() & ~is_first
    known["push_count"] = pd.Series(is_push, dtype=int).groupby(deal).cumsum()
    for name, values in _outcomes(known, is_first, deal, day).items():
        known[name] = values
    return known


def open_on(known: pd.DataFrame, day: int) -> pd.DataFrame:
    """The deals open at the end of a day, which is not after the one they are `known_by`."""
    stands = (known["known_day"] <= day) & (known["ended_day"] > day) & ~known["is_closed"]
    return known[stands].assign(state_day=day)


def won_ahead(known: pd.DataFrame, day: int) -> pd.DataFrame:
    """The deals won at the end of a day whose close date is still to come."""
    stands = (known["known_day"] <= day) & (known["ended_day"] > day) & known["is_won"]
    return known[stands & (known["close_day"] > day)]


def won_at(known: pd.DataFrame, day: int, *, is_new: bool) -> dict[int, float]:
    """What came after a day, by month, of the deals won as of the day they are `known_by`.

    In the reporting currency; of deals created after the day, or of those that were there.
    """
    won = known[(known["ended_day"] == NEVER) & known["is_won"] & (known["close_day"] > day)]
    won = won[(won["created_day"] > day) == is_new]
    sums = won["cents"].groupby(_months(won["close_day"])).sum() / 100
    months = sums.index.to_numpy(dtype=np.int64) + 1970 * 12
    return dict(zip(months.tolist(), sums.tolist(), strict=True))


def created_between(known: pd.DataFrame, after: int, until: int) -> pd.DataFrame:
    """The deals created after a day and until another, as they stood when they were created.

    Their ``state_day`` is the day before, so that their first week begins with their first day.
    """
    is_first = ~known["opportunity_key"].duplicated()
    created = known["created_day"]
    born = known[is_first & (created > after) & (created <= until) & ~known["is_closed"]]
    return born.assign(state_day=born["created_day"] - 1)


def without_rate(versions: pd.DataFrame, rates: pd.DataFrame, day: int) -> list[str]:
    """The currencies of deals that have an amount and no exchange rate at the end of a day."""
    newest = versions[versions["ended_day"].isna() & versions["amount_original"].notna()]
    held = set(_held(rates, day).index)
    has_rate = (
        newest["cents_at_close"]
        .notna()
        .where(newest["is_closed"], newest["currency_code"].isin(held))
    )
    return sorted(
        newest.loc[~has_rate.astype(bool), "currency_code"].fillna("no currency").unique()
    )


def _held(rates: pd.DataFrame, day: int) -> pd.Series[float]:
    """By currency, what a unit of it is worth in the reporting one at the end of a day."""
    holds = (rates["from_day"] <= day) & ~(rates["to_day"] <= day)
    factors: pd.Series[float] = rates[holds].set_index("currency_code")["factor"]
    return factors


def _cents(known: pd.DataFrame, rates: pd.DataFrame, day: int) -> pd.Series[float]:
    worth = known["currency_code"].map(_held(rates, day))
    open_cents = known["amount_original"] * worth * 100
    cents: pd.Series[float] = known["cents_at_close"].where(known["is_closed"], open_cents)
    return cents.where(known["amount_original"].isna(), cents.fillna(0.0))


def _months(days: pd.Series[float]) -> pd.Series[float]:
    whole = days.fillna(0).to_numpy(dtype=np.int64).astype("datetime64[D]")
    months = pd.Series(whole.astype("datetime64[M]").astype(float), index=days.index)
    return months.where(days.notna())


def _day_of_last(day: pd.Series[int], begins: BoolArray) -> DayArray:
    """For every row, the day of the last one up to it that begins something."""
    last = np.maximum.accumulate(np.where(begins, np.arange(len(day)), 0))
    return np.asarray(day, dtype=np.int64)[last]


def _outcomes(
    seen: pd.DataFrame, is_first: BoolArray, deal: DayArray, day: int
) -> dict[str, pd.Series[int] | pd.Series[bool] | pd.Series[float]]:
    """The first outcome from each version on; ``deal`` numbers the deals."""
    is_last = np.r_[is_first[1:], True][: len(seen)]
    closed, won = seen["is_closed"].to_numpy(), seen["is_won"].to_numpy(dtype=bool)
    removed = is_last & ~closed & (seen["ended_day"].to_numpy() != NEVER)
    counts_on: FloatArray = np.where(won, seen["close_day"].fillna(NEVER), seen["known_day"])
    counts_on = np.where(removed, seen["ended_day"], counts_on)
    outcomes = pd.DataFrame(
        {
            "outcome_day": np.where(counts_on <= day, counts_on, NEVER).astype(float),
            "is_lost": np.where(won, 0.0, 1.0),
            "brought_cents": seen["cents"].fillna(0.0),
        },
        index=seen.index,
    )
    ends = pd.Series(closed | removed, index=seen.index)
    ahead = outcomes.where(ends, axis=0).groupby(deal).bfill()
    return {
        "outcome_day": ahead["outcome_day"].fillna(NEVER).astype(np.int64),
        "is_lost": ahead["is_lost"] == 1,
        "brought_cents": ahead["brought_cents"].fillna(0.0),
    }
