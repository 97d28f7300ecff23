from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from small_company import company, seasonal_world
from small_marts import build_marts

from orchestration.forecast.run import ForecastResult, forecast_bookings

AS_OF = dt.date(2026, 6, 18)


@pytest.fixture(scope="session")
def forecast() -> tuple[duckdb.DuckDBPyConnection, ForecastResult]:
    """A warehouse of three years of a small company, forecast in the middle of June 2026."""
    warehouse = build_marts(seasonal_world(), AS_OF)
    return warehouse, forecast_bookings(warehouse, company(fiscal_year_start_month=2))


@pytest.fixture(scope="session")
def warehouse(
    forecast: tuple[duckdb.DuckDBPyConnection, ForecastResult],
) -> duckdb.DuckDBPyConnection:
    return forecast[0]
