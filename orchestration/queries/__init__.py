"""What pages and reports show, one function and one SQL for each thing.

Each takes a connection to the published database and returns a frame whose columns are named as in
the marts that it reads, so that the marts' own descriptions say what they hold. Figures are read,
not worked out: sums run over rows that add up, and a ratio of sums has the parts of the mart's own.

`owners` are the users whose deals count: a team with everybody below it, or None for everybody.
"""

from __future__ import annotations

OF_OWNERS = "(cast($owners as varchar[]) is null or owner_key in (select unnest($owners)))"
"""Keeps the rows of `owners`."""

OF_NEWEST_RUN = """
    is_current
    and fct_forecast_run.as_of_date = (
        select max(as_of_date) from marts.fct_forecast_run where is_current
    )
"""
"""Keeps of forecasts and scores, joined with `marts.fct_forecast_run`, those of the newest run."""
