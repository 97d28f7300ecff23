-- How good have the forecasts been: how far off, which way, and do the ranges keep what they
-- promise?
with

accuracy as (
    select * from {{ source('forecast', 'mart_forecast_accuracy').include(database=false) }}
    where is_published and node_type = 'company'
),

runs as (
    select * from {{ source('forecast', 'fct_forecast_run').include(database=false) }}
    where is_current
),

today as (select * from {{ published('dim_date') }} where is_as_of_date),

tests as (

    select
        accuracy.period_type,
        accuracy.horizon,
        accuracy.method,
        accuracy.origin_count,
        accuracy.wape,
        accuracy.bias,
        accuracy.interval_coverage,
        accuracy.skill,
    from accuracy
    inner join runs on accuracy.forecast_run_id = runs.forecast_run_id
    inner join today on runs.as_of_date = today.calendar_date

)

select * from tests
order by period_type, horizon
