"""Sound marts about ageing, health, speed and outcome, and what breaks each promise about them.

They belong to the company of ``test_marts``: one deal of 100.00 won in May, one of 50.00 open.
"""

TABLES = """
create table marts.mart_stage_ageing as
    select
        's:1' as stage_key, 1 as open_count, 50.00 as open_amount, 30.0 as open_days_median,
        10.0 as won_days_median, 20.0 as won_days_p75, 1.0 as stuck_rate;
create table marts.mart_deal_health as
    select
        'salesforce:2' as opportunity_key, 50.00 as amount, 30 as days_in_stage,
        20.0 as stage_won_days_p75, false as is_past_due, false as is_pushed_repeatedly,
        false as is_silent, true as is_stuck, false as is_single_contact, false as is_amount_cut,
        false as is_stage_regressed, 1 as signal_count, 50.00 as at_risk_amount;
create table marts.mart_sales_velocity as
    select
        'a' as owner_key, 'month' as period_type, date '2026-05-01' as period_start_date,
        1 as open_count, 1.0 as win_rate, 100.0 as average_won_amount,
        50.0 as average_cycle_days, 2.0 as velocity_amount_per_day;
create table marts.mart_win_loss as
    select
        period_type, date '2026-05-01' as period_start_date, segment_type, segment,
        cast(null as varchar) as reason, 100.00 as won_amount, cast(null as double) as lost_share,
        1.0 as segment_win_rate
    from (values ('month', 'all', 'all'), ('month', 'region', null), ('year', 'all', 'all'))
        as segments (period_type, segment_type, segment);
create table marts.mart_quota_attainment_daily as
    select
        'a' as user_key, cast(day as date) as snapshot_date,
        case when day < '2026-05-20' then 0.00 else 100.00 end as month_to_date_bookings_amount,
        0.5 as month_pace_rate, 0.5 as quarter_pace_rate, 0.5 as year_pace_rate
    from range(timestamp '2026-05-01', timestamp '2026-06-01', interval 1 day) as days (day);
create table marts.mart_rep_ramp as
    select
        date '2026-01-01' as cohort_month_start_date, tenure_month, 2 as rep_count,
        2 as completed_rep_count, 0.5 as ramp_rate_average
    from (values (0), (1), (2)) as months (tenure_month);
"""
BREAKAGES = {
    "mart_stage_ageing": {
        "keys_are_unique": "insert into {t} from {t}",
        "values_are_known": "update {t} set won_days_p75 = 9",
        "open_amounts_agree_with_the_daily_pipeline": "update {t} set open_amount = 50.01",
    },
    "mart_deal_health": {
        "keys_are_unique": "insert into {t} from {t}",
        "open_opportunities_are_there": "delete from {t}",
        "signals_are_counted": "update {t} set signal_count = 2",
    },
    "mart_sales_velocity": {
        "keys_are_unique": "insert into {t} from {t}",
        "values_are_known": "update {t} set average_cycle_days = null",
    },
    "mart_win_loss": {
        "keys_are_unique": "insert into {t} from {t} where segment_type = 'region'",
        "values_are_known": "update {t} set segment_win_rate = 1.5 where segment_type = 'region'",
        "wins_agree_with_the_bookings": (
            "update {t} set won_amount = 99.99 where segment_type = 'region'"
        ),
    },
    "mart_quota_attainment_daily": {
        "keys_are_unique": "insert into {t} from {t} where snapshot_date = '2026-05-02'",
        "values_are_known": "update {t} set year_pace_rate = 2.5 where month_pace_rate = 0.5",
        "last_days_agree_with_the_teams": (
            "update {t} set month_to_date_bookings_amount = 0 where snapshot_date = '2026-05-31'"
        ),
    },
    "mart_rep_ramp": {
        "keys_are_unique": "update {t} set tenure_month = 1",
        "values_are_known": "delete from {t} where tenure_month = 1",
    },
}
