"""What the newest run says of open deals and of leads: their chances, and why."""

from __future__ import annotations

import duckdb
import pandas as pd

from orchestration.queries import OF_NEWEST_RUN, OF_OWNERS


def open_deals(db: duckdb.DuckDBPyConnection, owners: list[str] | None) -> pd.DataFrame:
    """One row per open deal with a chance to be won, the one that most is at stake in first."""
    return db.execute(
        f"""
        select
            opportunity_name,
            user_name as owner_name,
            stage_name,
            amount,
            win_chance,
            close_date,
            expected_close_date,
            reason_1,
            reason_2,
            reason_3,
            opportunity_key
        from marts.fct_opportunity_score
        inner join marts.fct_forecast_run using (forecast_run_id)
        inner join marts.fct_opportunity using (opportunity_key)
        left join marts.dim_user on owner_key = user_key
        where {OF_NEWEST_RUN} and {OF_OWNERS}
        order by amount * win_chance desc nulls last, opportunity_key
        """,
        {"owners": owners},
    ).df()


def leads(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per lead that has not converted, the one with the best chance to first."""
    return db.execute(
        f"""
        select
            company_name,
            user_name as owner_name,
            fct_lead.status,
            lead_source,
            became_lead_date,
            conversion_chance,
            reason_1,
            reason_2,
            reason_3,
            method,
            is_calibrated,
            lead_key
        from marts.fct_lead_score
        inner join marts.fct_forecast_run using (forecast_run_id)
        inner join marts.fct_lead using (lead_key)
        left join marts.dim_user on owner_key = user_key
        where {OF_NEWEST_RUN}
        order by conversion_chance desc, became_lead_date desc, lead_key
        """
    ).df()
