"""Checks of the marts about ageing, health, speed and outcome of opportunities, and new people."""

from __future__ import annotations

from orchestration.quality.check import between, no_rows, not_null, one_of, unique_together
from orchestration.quality.mart import Mart

PERIOD_TYPES = ("month", "quarter", "year")
SEGMENT_TYPES = ("all", "industry", "region", "opportunity_type", "lead_source")
SIGNALS = (
    "is_past_due", "is_pushed_repeatedly", "is_silent", "is_stuck", "is_single_contact",
    "is_amount_cut", "is_stage_regressed",
)  # fmt: skip


def pipeline_marts() -> tuple[Mart, ...]:
    """The marts of this room, in the order in which they are read."""
    return (
        _stage_ageing(), _deal_health(), _sales_velocity(), _win_loss(), _quota_attainment(),
        _rep_ramp(),
    )  # fmt: skip


def _stage_ageing() -> Mart:
    mart = Mart("mart_stage_ageing", "stage_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Nothing stands in a stage for less than no days, and stuck ones are open ones.",
        between("open_count", 0),
        between("open_days_median", 0),
        between("stuck_rate", 0, 1),
        mart.never("won_days_p75 < won_days_median", "a 75th percentile is above the median"),
    )
    mart.must(
        "open_amounts_agree_with_the_daily_pipeline",
        "The stages together hold what is open on the last day of the daily pipeline.",
        no_rows(
            """
            select stages.amount, pipeline.amount as pipeline_amount
            from (
                select
                    coalesce(sum(open_amount), 0) as amount, coalesce(sum(open_count), 0) as deals
                from {table}
            ) as stages
            cross join (
                select
                    coalesce(sum(open_amount), 0) as amount, coalesce(sum(open_count), 0) as deals
                from marts.mart_pipeline_daily
                where snapshot_date = (select as_of_date from intermediate.int_as_of_date)
            ) as pipeline
            where (stages.amount, stages.deals) <> (pipeline.amount, pipeline.deals)
            """,
            "stages hold the open pipeline",
        ),
    )
    return mart


def _deal_health() -> Mart:
    mart = Mart("mart_deal_health", "opportunity_key")
    mart.must_have_keys()
    mart.must(
        "open_opportunities_are_there",
        "Every open opportunity is judged, and no other one.",
        no_rows(
            """
            select opportunity_key
            from (from marts.fct_opportunity where not is_closed) as opportunity
            full join {table} as health using (opportunity_key)
            where
                opportunity.is_closed is null or health.signal_count is null
                or opportunity.amount is distinct from health.amount
            """,
            "open opportunities are judged",
        ),
    )
    mart.must(
        "signals_are_counted",
        "The number of warnings is that of the warnings raised, and each has its evidence.",
        mart.never(
            f"signal_count <> {' + '.join(f'{signal}::int' for signal in SIGNALS)}",
            "warnings are counted",
        ),
        mart.never(
            "is_stuck and not coalesce(days_in_stage > stage_won_days_p75, false)",
            "what is stuck has stood for too long",
        ),
        mart.never(
            "at_risk_amount <> case when signal_count > 0 then coalesce(amount, 0) else 0 end",
            "the amount at stake is that of the opportunity",
        ),
    )
    return mart


def _sales_velocity() -> Mart:
    mart = Mart("mart_sales_velocity", "owner_key", "period_type", "period_start_date")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Rates are from 0 to 1, and a speed is known only where all its factors are.",
        one_of("period_type", PERIOD_TYPES),
        between("win_rate", 0, 1),
        between("open_count", 0),
        mart.never(
            "velocity_amount_per_day is not null and (win_rate is null"
            " or average_won_amount is null or average_cycle_days is null)",
            "a speed has all its factors",
        ),
    )
    return mart


def _win_loss() -> Mart:
    mart = Mart(
        "mart_win_loss", "period_type", "period_start_date", "segment_type", "segment", "reason"
    )
    mart.must(
        "keys_are_unique",
        "There is one row per period, segment and reason.",
        unique_together(mart.key_columns),
        not_null("segment_type"),
    )
    mart.must(
        "values_are_known",
        "Periods and kinds of segments are known ones, shares and rates are from 0 to 1.",
        one_of("period_type", PERIOD_TYPES),
        one_of("segment_type", SEGMENT_TYPES),
        between("lost_share", 0, 1),
        between("segment_win_rate", 0, 1),
    )
    mart.must(
        "wins_agree_with_the_bookings",
        "What each kind of segment won in a month is what all reps booked, to the cent.",
        no_rows(_unbooked_wins(), "wins are the bookings"),
    )
    return mart


def _quota_attainment() -> Mart:
    mart = Mart("mart_quota_attainment_daily", "user_key", "snapshot_date")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Paces are from 0 to 1.",
        between("month_pace_rate", 0, 1),
        between("quarter_pace_rate", 0, 1),
        between("year_pace_rate", 0, 1),
    )
    mart.must(
        "last_days_agree_with_the_teams",
        "On a month's last day the bookings to date are those of the team's month, to the cent.",
        no_rows(
            """
            select team.user_key, team.period_start_date
            from marts.mart_team_performance as team
            inner join {table} as day
                on team.user_key = day.user_key
                and day.snapshot_date = least(
                    team.period_end_date, (select as_of_date from intermediate.int_as_of_date)
                )
            where
                team.period_type = 'month'
                and day.month_to_date_bookings_amount <> team.bookings_amount
            """,
            "a month ends with the team's bookings",
        ),
    )
    return mart


def _rep_ramp() -> Mart:
    mart = Mart("mart_rep_ramp", "cohort_month_start_date", "tenure_month")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Months of tenure follow one another from 0, and nobody completes a month they are not in.",
        between("tenure_month", 0),
        between("ramp_rate_average", 0, 1),
        mart.never("completed_rep_count > rep_count", "who completed a month was there"),
        no_rows(
            """
            select cohort_month_start_date, max(tenure_month) as tenure_month from {table}
            group by cohort_month_start_date
            having count(*) <> max(tenure_month) + 1
            """,
            "no month of tenure is missing",
        ),
    )
    return mart


def _unbooked_wins() -> str:
    return """
        select segments.segment_type, segments.period_start_date
        from (
            select segment_type, period_start_date, sum(won_amount) as amount
            from {table} where period_type = 'month' group by all
        ) as segments
        left join (
            select period_start_date, sum(bookings_amount) as amount
            from marts.mart_rep_performance where period_type = 'month' group by all
        ) as reps using (period_start_date)
        where segments.amount <> coalesce(reps.amount, 0)
            and not exists (
                select 1 from marts.fct_opportunity where is_won and owner_at_close_key is null
            )
    """
