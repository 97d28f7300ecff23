"""People are told when no forecast can be given any more, and not of weeks long past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

from orchestration.alerts import Alert, clear, stake, tell
from orchestration.forecast.run import ForecastResult
from orchestration.forecast.tables import RUN
from orchestration.settings import Settings

KEY = "forecast_withheld"


def tell_if_withheld(
    settings: Settings,
    warehouse: duckdb.DuckDBPyConnection,
    result: ForecastResult,
    log: Callable[[str], None],
) -> None:
    """Tell that the newest forecast has no number, or note that it has one again.

    A forecast of an earlier date, as a backfill makes it, says nothing about today.

    Args:
        settings: Where alerts go.
        warehouse: Where the forecast's tables are.
        result: What the run that has just ended did.
        log: Told what keeps an alert from being sent.
    """
    published, withheld = warehouse.execute(
        f"""
        select
            max(as_of_date) filter (where published_method is not null),
            list(as_of_date order by as_of_date) filter (where published_method is null)
        from marts.{RUN}
        where is_current
        """
    ).fetchall()[0]
    dates: list[dt.date] = [published or dt.date.min, *(withheld or [])]
    if result.as_of_date is not None and result.as_of_date < max(dates):
        return
    if result.published_method is not None:
        clear(settings, KEY)
        return
    since = [date for date in dates[1:] if date > dates[0]]
    alert = Alert(
        KEY,
        what=f"the forecast is withheld: {result.note}",
        money=stake(settings),
        advice="see marts.fct_forecast_run; earlier extracts make the history longer",
        since=min(since, default=result.as_of_date),
    )
    tell(settings, alert, log)
