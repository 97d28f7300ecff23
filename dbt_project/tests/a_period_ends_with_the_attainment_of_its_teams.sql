-- A row here is a node whose bookings or quota on a period's last day are not the period's.
{% set starts = {
    'month': 'month_start_date',
    'quarter': 'fiscal_quarter_start_date',
    'year': 'fiscal_year_start_date',
} %}
with

teams as (select * from {{ ref('mart_team_performance') }}),

attainment_days as (select * from {{ ref('mart_quota_attainment_daily') }}),

last_days as (

    {% for period_type, start_date in starts.items() %}
        {{ 'union all' if not loop.first }}

        select
            '{{ period_type }}' as period_type,
            {{ start_date }} as period_start_date,
            user_key,
            {{ period_type }}_to_date_bookings_amount as bookings_amount,
            {{ period_type }}_quota_amount as quota_amount,
        from attainment_days
        qualify
            snapshot_date = max(snapshot_date) over (partition by user_key, {{ start_date }})
    {% endfor %}

)

select
    teams.period_type,
    teams.period_start_date,
    teams.user_key,
    teams.bookings_amount,
    last_days.bookings_amount as bookings_to_date_amount,
from teams
left join last_days
    on
        teams.period_type = last_days.period_type
        and teams.period_start_date = last_days.period_start_date
        and teams.user_key = last_days.user_key
where
    coalesce(last_days.bookings_amount, 0) != teams.bookings_amount
    or last_days.quota_amount is distinct from teams.quota_amount
