"""One run of forecasts and scores, from the marts to the forecast's tables."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.company import Company
from orchestration.forecast import tables
from orchestration.forecast.backtest import MAXIMUM_ORIGINS
from orchestration.forecast.compute import compute
from orchestration.forecast.inputs import Inputs, StaleMartsError, marts_date, read_inputs
from orchestration.forecast.methods import METHODS
from orchestration.forecast.periods import HORIZON_MONTHS, QuarterPlaces
from orchestration.forecast.scores.reading import ScoreInputs, read_score_inputs
from orchestration.forecast.scores.run import score

DOORS = {"assets", "checks", "schedules", "sensors"}
"""Files that say when a forecast is made, not how."""


@dataclass(frozen=True)
class ForecastResult:
    """What a run did. ``status`` and ``note`` are those of ``fct_forecast_run``.

    While nothing was ever loaded there is no date to forecast from: then ``as_of_date`` and
    ``forecast_run_id`` are None, and nothing is written.
    """

    forecast_run_id: str | None
    as_of_date: dt.date | None
    status: str
    note: str
    published_method: str | None
    node_count: int
    is_new: bool
    """False when the same run was there already; then it was left as it is."""


def forecast_bookings(
    connection: duckdb.DuckDBPyConnection,
    company: Company,
    as_of: dt.date | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> ForecastResult:
    """Forecast bookings, score open deals and leads, and write the forecast's tables.

    Args:
        connection: The warehouse, with the marts built.
        company: The company's choices: time zone and fiscal year.
        as_of: The date the marts were built for, where the caller wants it checked.
        on_progress: Told, in words, what is being done.

    Raises:
        StaleMartsError: The marts were built for another date than ``as_of``.
    """
    tell = on_progress or (lambda _: None)
    tables.ensure_tables(connection)
    built_for = marts_date(connection)
    if as_of is not None and as_of != built_for:
        raise StaleMartsError(
            f"the marts are true for {built_for}, not for {as_of}: build them with the as-of date"
            f" {as_of} (`salesops run --as-of {as_of}`), then forecast"
        )
    if built_for is None:
        note = "Nothing was loaded yet."
        return ForecastResult(None, None, "no_data", note, None, 0, is_new=False)

    began, started_at = time.monotonic(), dt.datetime.now(dt.UTC).replace(tzinfo=None)
    inputs = read_inputs(connection, built_for, company.zone)
    score_inputs = read_score_inputs(connection)
    forecast_run_id, identity = _identity(inputs, score_inputs, company)
    is_new = not tables.has_run(connection, forecast_run_id)
    if is_new:
        quarters = QuarterPlaces(company.fiscal_year_start_month)
        scores = score(inputs, score_inputs, quarters, tell)
        rows = _together(compute(inputs, company, tell), scores)
        duration = round(time.monotonic() - began, 3)
        said = identity | {"started_at": started_at, "duration_seconds": duration}
        rows[tables.RUN] = rows[tables.RUN].join(pd.DataFrame([said]))
        tables.write_run(connection, forecast_run_id, built_for, rows)
    else:
        tables.make_current(connection, forecast_run_id)
    return _result(connection, forecast_run_id, is_new=is_new)


def _together(*parts: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows of each table, those that there are."""
    rows: dict[str, pd.DataFrame] = {}
    for name, part in (item for tables_of in parts for item in tables_of.items()):
        if len(part):
            rows[name] = pd.concat([rows[name], part]) if name in rows else part
    return rows


def _identity(
    inputs: Inputs, score_inputs: ScoreInputs, company: Company
) -> tuple[str, dict[str, str]]:
    """The id of a run, and the columns that say what it stands for: the same again is the same."""
    code = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        if file.stem not in DOORS:
            code.update(file.read_bytes())
    settings = {
        "business_timezone": company.business_timezone,
        "fiscal_year_start_month": company.fiscal_year_start_month,
        "manager_quota": company.manager_quota,
        "horizon_months": HORIZON_MONTHS,
        "maximum_origins": MAXIMUM_ORIGINS,
        "methods": METHODS,
        "statsforecast": version("statsforecast"),
    }
    identity = {
        "code_version": code.hexdigest()[:12],
        "input_fingerprint": inputs.fingerprint + score_inputs.fingerprint,
        "settings": json.dumps(settings),
    }
    text = "|".join([inputs.as_of.isoformat(), *identity.values()])
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{inputs.as_of.isoformat()}-{digest}", identity


def _result(
    connection: duckdb.DuckDBPyConnection, forecast_run_id: str, *, is_new: bool
) -> ForecastResult:
    ((as_of, status, note, method, nodes),) = connection.execute(
        "select as_of_date, status, note, published_method, node_count"
        f" from marts.{tables.RUN} where forecast_run_id = ?",
        [forecast_run_id],
    ).fetchall()
    return ForecastResult(forecast_run_id, as_of, status, note, method, nodes, is_new=is_new)
