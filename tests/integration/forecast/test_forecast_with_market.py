"""A market index takes part where it did better than what it moves."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from small_company import Figure, User, World, company, utc, won_deal
from small_marts import build_marts

from orchestration.forecast.run import forecast_bookings

NOW = dt.date(2026, 6, 30)
MONTHS = 42


def wave(month: int) -> float:
    return float(np.exp(0.35 * np.sin(month / 4)))


def first(month: int) -> dt.date:
    return dt.date(2023 + month // 12, month % 12 + 1, 1)


def forecast_of(*figures: Figure) -> tuple[list[tuple], str]:
    """The company books what the wave was three months before; what the accuracy and note say."""
    deals = {
        f"{month}": won_deal("rep", first(month).replace(day=9), round(1000 * wave(month - 3), 2))
        for month in range(MONTHS)
    }
    warehouse = build_marts(World(deals, (User("rep"),)).with_market(*figures), NOW)
    forecast_bookings(warehouse, company())
    errors = warehouse.execute(
        "select method, wape from marts.mart_forecast_accuracy where node_type = 'company'"
        " and period_type = 'month' and horizon = 2 order by method"
    ).fetchall()
    ((note,),) = warehouse.execute("select note from marts.fct_forecast_run").fetchall()
    return errors, note


def test_an_index_that_runs_ahead_of_the_company_is_kept_and_told():
    errors, note = forecast_of(
        *(Figure(first(month), 100 * wave(month)) for month in range(MONTHS))
    )
    wape = dict(errors)
    assert wape["market"] < 0.7 * wape["median_ensemble"]
    assert "The market index is part of the stack: it made the median's error -" in note


def test_an_index_that_the_company_no_longer_follows_is_left_out_and_told():
    figures = (
        Figure(first(month), 100 * wave(month) ** (1 if month < 26 else -1))
        for month in range(MONTHS)
    )
    _, note = forecast_of(*figures)
    assert "The market index is left out of the stack: it made the median's error +" in note


def test_without_an_index_there_is_no_such_method():
    errors, note = forecast_of()
    assert "market" not in dict(errors)
    assert "market index" not in note


def test_a_figure_counts_from_when_it_was_known():
    known = utc(2026, 6, 29)
    late = (Figure(first(month), 100 * wave(month), valid_from=known) for month in range(MONTHS))
    errors, note = forecast_of(*late)
    wape = dict(errors)
    assert wape["market"] == pytest.approx(wape["median_ensemble"])
    assert "left out" in note
