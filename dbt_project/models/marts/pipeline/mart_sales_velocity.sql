with

performance as (select * from {{ ref('mart_rep_performance') }}),

pipeline_days as (select * from {{ ref('mart_pipeline_daily') }} where owner_key is not null),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

users as (select * from {{ ref('dim_user') }}),

-- What is open at the period's end, or as of the as-of date, whenever it is expected to close.
open_pipeline as (

    select
        periods.period_type,
        periods.period_start_date,
        pipeline_days.owner_key,
        sum(pipeline_days.open_count) as open_count,
        sum(pipeline_days.open_amount) as open_amount,
    from pipeline_days
    inner join periods on pipeline_days.snapshot_date = periods.last_seen_date
    group by periods.period_type, periods.period_start_date, pipeline_days.owner_key

),

owner_periods as (

    select
        period_type,
        period_start_date,
        user_key as owner_key,
    from performance

    union distinct

    select
        period_type,
        period_start_date,
        owner_key,
    from open_pipeline

),

factors as (

    select
        periods.period_type,
        periods.period_start_date,
        periods.period_end_date,
        owner_periods.owner_key,
        users.user_name as owner_name,

        cast(coalesce(open_pipeline.open_count, 0) as bigint) as open_count,
        cast(coalesce(open_pipeline.open_amount, 0) as decimal(38, 2)) as open_amount,
        coalesce(performance.won_count, 0) as won_count,
        coalesce(performance.lost_count, 0) as lost_count,
        performance.win_rate,
        performance.average_deal_amount as average_won_amount,
        performance.sales_cycle_days_average as average_cycle_days,
    from owner_periods
    inner join periods
        on
            owner_periods.period_type = periods.period_type
            and owner_periods.period_start_date = periods.period_start_date
    left join performance
        on
            owner_periods.period_type = performance.period_type
            and owner_periods.period_start_date = performance.period_start_date
            and owner_periods.owner_key = performance.user_key
    left join open_pipeline
        on
            owner_periods.period_type = open_pipeline.period_type
            and owner_periods.period_start_date = open_pipeline.period_start_date
            and owner_periods.owner_key = open_pipeline.owner_key
    left join users on owner_periods.owner_key = users.user_key

),

sales_velocity as (

    select
        *,
        {{
            safe_divide(
                'open_count * win_rate * average_won_amount', 'average_cycle_days'
            )
        }} as velocity_amount_per_day,
    from factors

)

select * from sales_velocity
