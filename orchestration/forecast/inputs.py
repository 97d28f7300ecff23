"""What the forecast reads from the warehouse: won deals, their history, and the users."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from orchestration.forecast.hierarchy import UNASSIGNED, ReportingLines
from orchestration.forecast.market import MARKET_INDEX
from orchestration.forecast.plans import Plans, read_plans
from orchestration.forecast.queries import (
    BOOKED,
    DEALS,
    FIRST_EXTRACT,
    OWNERS,
    RATES,
    USERS,
    VERSIONS,
)
from orchestration.forecast.submissions import SUBMISSIONS

CHUNK_VECTORS = 32
"""Vectors of 2,048 rows that are read at a time."""


class StaleMartsError(RuntimeError):
    """The marts were built for another date than the one asked for."""


@dataclass(frozen=True)
class Inputs:
    """What is read from the marts, all of it as of ``as_of``.

    ``booked``: the deals won by then; ``versions``: every won version of a deal, from
    ``known_from`` until ``known_to`` (UTC, half-open). Both hold ``opportunity_key``,
    ``owner_key`` and ``closed_at`` as of the close, ``close_date``, its ``month`` and the days
    left in it (``days_left``), ``account_key``, and the amount in ``cents`` of the reporting
    currency.
    ``first_owned``: the moment at which each user first owned an opportunity. ``deals``: every
    version of every deal, won or not, and ``rates``: what a unit of each currency is worth in the
    reporting one; for both see `orchestration.forecast.deals`. ``submissions``: what reps and
    managers submitted, and ``market``: figures about the market, see the modules of these names.
    ``first_extract_date``: before it, states are rebuilt from what the CRM wrote down of its
    history.
    """

    as_of: dt.date
    zone: ZoneInfo
    booked: pd.DataFrame
    versions: pd.DataFrame
    first_owned: pd.Series[pd.Timestamp]
    deals: pd.DataFrame
    rates: pd.DataFrame
    submissions: pd.DataFrame
    market: pd.DataFrame
    plans: Plans
    first_extract_date: dt.date | None
    lines: ReportingLines
    fingerprint: str
    """Changes with anything read, and with nothing else."""


def marts_date(connection: duckdb.DuckDBPyConnection) -> dt.date | None:
    """The date the marts are true for; None while nothing was ever loaded."""
    query = "select as_of_date from intermediate.int_as_of_date"
    ((found,),) = connection.execute(query).fetchall()
    as_of: dt.date | None = found
    return as_of


def read_inputs(connection: duckdb.DuckDBPyConnection, as_of: dt.date, zone: ZoneInfo) -> Inputs:
    """Read the marts as they were built for ``as_of``; order of rows there does not matter."""
    unassigned = {"unassigned": UNASSIGNED}
    booked = _with_months(connection.execute(BOOKED, unassigned | {"as_of": as_of}).df())
    versions = _with_months(connection.execute(VERSIONS, unassigned | {"zone": zone.key}).df())
    deals = _with_shared_texts(connection.execute(DEALS, unassigned | {"zone": zone.key}))
    rates = connection.execute(RATES).df()
    owners = connection.execute(OWNERS).df()
    users = connection.execute(USERS).df()
    submissions = connection.execute(SUBMISSIONS).df()
    market = connection.execute(MARKET_INDEX).df()
    plans = read_plans(connection, as_of)
    ((first_extract_date,),) = connection.execute(FIRST_EXTRACT).fetchall()
    read = (booked, versions, deals, rates, owners, users, submissions, market)
    return Inputs(
        as_of=as_of,
        zone=zone,
        booked=booked,
        versions=versions,
        first_owned=owners.set_index("owner_key")["first_owned_at"],
        deals=deals,
        rates=rates,
        submissions=submissions,
        market=market,
        plans=plans,
        first_extract_date=first_extract_date,
        lines=ReportingLines(users),
        fingerprint=fingerprint_of(*read, plans.quotas, plans.open_deals, plans.closed),
    )


def _with_shared_texts(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """All rows of a result, equal texts being one object: a million versions name few of them."""
    known: dict[str, str] = {}
    parts: list[pd.DataFrame] = []
    while len(part := result.fetch_df_chunk(CHUNK_VECTORS)) or not parts:
        for name in part.select_dtypes(object).columns:
            part[name] = [known.setdefault(text, text) for text in part[name]]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _with_months(deals: pd.DataFrame) -> pd.DataFrame:
    close = deals["close_date"].dt
    return deals.assign(
        month=close.year.astype(int) * 12 + close.month.astype(int) - 1,
        days_left=close.days_in_month.astype(int) - close.day.astype(int),
    )


def fingerprint_of(*tables: pd.DataFrame) -> str:
    """A text that changes with anything in the tables, and with nothing else."""
    digest = hashlib.sha256()
    for table in tables:
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]
