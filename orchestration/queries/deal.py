"""One deal: what it is, what happened to it, and who moved it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from orchestration.queries import OF_NEWEST_RUN, OF_OWNERS


def found(db: duckdb.DuckDBPyConnection, text: str, owners: Sequence[str] | None) -> pd.DataFrame:
    """One row per deal, at most 50, whose name, account or key holds a text: open ones first."""
    return db.execute(
        f"""
        select
            opportunity_name,
            account_name,
            stage_name,
            amount,
            close_date,
            user_name as owner_name,
            opportunity_key
        from (from marts.fct_opportunity where {OF_OWNERS}) as opportunity
        left join marts.dim_account using (account_key)
        left join marts.dim_user on opportunity.owner_key = user_key
        where contains(
            lower(concat_ws(' ', opportunity_name, account_name, opportunity_key)), lower($text)
        )
        order by is_closed, amount desc nulls last, opportunity_key
        limit 50
        """,
        {"text": text, "owners": owners},
    ).df()


def facts(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row: the deal as of the as-of date; none where there is no such deal."""
    return db.execute(
        """
        select
            opportunity_name,
            account_name,
            account_type,
            industry,
            user_name as owner_name,
            stage_name,
            fct_opportunity.forecast_category,
            probability,
            amount,
            amount_original,
            fct_opportunity.currency_code,
            fct_opportunity.created_date,
            close_date,
            age_days,
            sales_cycle_days,
            days_in_stage,
            push_count,
            stage_regression_count,
            touch_count,
            lead_source,
            loss_reason,
            is_closed,
            is_won,
            is_past_due
        from marts.fct_opportunity
        left join marts.dim_account using (account_key)
        left join marts.dim_user on fct_opportunity.owner_key = user_key
        where opportunity_key = $deal
        """,
        {"deal": deal},
    ).df()


def history(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row per version of the deal, from its creation on."""
    return db.execute(
        """
        select
            valid_from,
            valid_to,
            stage_name,
            history.forecast_category,
            probability,
            amount_original,
            currency_code,
            close_date,
            user_name as owner_name,
            history_source
        from marts.fct_opportunity_history as history
        left join marts.dim_user on history.owner_key = user_key
        where opportunity_key = $deal
        order by valid_from
        """,
        {"deal": deal},
    ).df()


def stage_visits(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row per visit of a stage; the visit that lasts ends with the as-of date."""
    return db.execute(
        """
        select
            visit.stage_name,
            visit_number,
            entered_at,
            exited_at,
            coalesce(exited_at, calendar_date + 1) as seen_until_at,
            days,
            is_regression,
            skipped_stage_count,
            stage_order
        from marts.fct_opportunity_stage_visit as visit
        left join marts.dim_stage using (stage_key)
        cross join (select calendar_date from marts.dim_date where is_as_of_date)
        where opportunity_key = $deal
        order by entered_at, visit_number
        """,
        {"deal": deal},
    ).df()


def contacts(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row per activity done on the deal, and per touch that attribution counts towards it."""
    return db.execute(
        """
        select done_at as happened_at, 'activity' as source, activity_type as what, user_name as who
        from marts.fct_activity
        left join marts.dim_user on owner_key = user_key
        where opportunity_key = $deal and is_done and done_at is not null

        union all

        select
            attribution.touched_at,
            'touch',
            coalesce(touch_type, 'touch'),
            concat_ws(
                ', ',
                attribution.channel,
                coalesce(campaign.campaign_name, touch.campaign_name)
            )
        from marts.fct_attribution as attribution
        left join marts.fct_touchpoint as touch using (touchpoint_key)
        left join marts.dim_campaign as campaign
            on attribution.campaign_key = campaign.campaign_key
        where attribution.opportunity_key = $deal
            and attribution_model = 'linear'
            and attribution.touched_at is not null

        order by happened_at, source, what
        """,
        {"deal": deal},
    ).df()


def signals(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row where the deal is open: what endangers it, with the evidence."""
    return db.execute(
        """
        select
            signal_count,
            at_risk_amount,
            is_past_due,
            past_due_days,
            is_pushed_repeatedly,
            push_count,
            is_silent,
            silent_days,
            is_stuck,
            days_in_stage,
            stage_won_days_p75,
            is_single_contact,
            contact_count,
            is_amount_cut,
            highest_amount,
            is_stage_regressed,
            stage_regression_count
        from marts.mart_deal_health
        where opportunity_key = $deal
        """,
        {"deal": deal},
    ).df()


def score(db: duckdb.DuckDBPyConnection, deal: str) -> pd.DataFrame:
    """One row where the deal is open: its chance to be won, by the newest run, and why."""
    return db.execute(
        f"""
        select
            win_chance,
            expected_close_date,
            reason_1,
            reason_2,
            reason_3,
            method,
            is_calibrated,
            calibration_count
        from marts.fct_opportunity_score
        inner join marts.fct_forecast_run using (forecast_run_id)
        where {OF_NEWEST_RUN} and opportunity_key = $deal
        """,
        {"deal": deal},
    ).df()
