-- A row here is an owner whose pipeline at the end of a quarter is not that of the daily pipeline.
with

waterfall as (select * from {{ ref('mart_pipeline_waterfall') }} where period_type = 'quarter'),

periods as (select * from {{ ref('int_periods') }} where period_type = 'quarter'),

daily as (select * from {{ ref('mart_pipeline_daily') }}),

ends as (

    select
        period_start_date,
        owner_key,
        end_amount,
        end_count,
    from waterfall
    where end_count > 0

),

last_days as (

    select
        periods.period_start_date,
        daily.owner_key,
        sum(daily.open_amount) as open_amount,
        sum(daily.open_count) as open_count,
    from daily
    inner join periods
        on
            daily.snapshot_date = periods.last_seen_date
            and daily.close_fiscal_quarter_start_date = periods.period_start_date
    group by periods.period_start_date, daily.owner_key

)

select
    coalesce(ends.period_start_date, last_days.period_start_date) as period_start_date,
    coalesce(ends.owner_key, last_days.owner_key) as owner_key,
    ends.end_amount,
    last_days.open_amount,
from ends
full outer join last_days
    on
        ends.period_start_date = last_days.period_start_date
        and ends.owner_key is not distinct from last_days.owner_key
where
    ends.end_amount is distinct from last_days.open_amount
    or ends.end_count is distinct from last_days.open_count
