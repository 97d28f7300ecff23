-- A row here is a period at whose end other opportunities were open than velocity is told of.
with

velocity as (select * from {{ ref('mart_sales_velocity') }}),

pipeline_days as (select * from {{ ref('mart_pipeline_daily') }} where owner_key is not null),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

told as (

    select
        period_type,
        period_start_date,
        sum(open_count) as open_count,
        sum(open_amount) as open_amount,
    from velocity
    group by period_type, period_start_date

),

open_pipeline as (

    select
        periods.period_type,
        periods.period_start_date,
        coalesce(sum(pipeline_days.open_count), 0) as open_count,
        coalesce(sum(pipeline_days.open_amount), 0) as open_amount,
    from periods
    left join pipeline_days on periods.last_seen_date = pipeline_days.snapshot_date
    group by periods.period_type, periods.period_start_date

)

select
    open_pipeline.*,
    told.open_count as told_count,
    told.open_amount as told_amount,
from open_pipeline
left join told
    on
        open_pipeline.period_type = told.period_type
        and open_pipeline.period_start_date = told.period_start_date
where
    open_pipeline.open_count != coalesce(told.open_count, 0)
    or open_pipeline.open_amount != coalesce(told.open_amount, 0)
