-- Will the forecast of the next quarters meet the company's quota, and how likely is it?
with

forecasts as (
    select * from {{ source('forecast', 'fct_forecast').include(database=false) }}
    where is_published and node_type = 'company' and period_type = 'quarter'
),

runs as (
    select * from {{ source('forecast', 'fct_forecast_run').include(database=false) }}
    where is_current
),

today as (select * from {{ published('dim_date') }} where is_as_of_date),

quotas as (select * from {{ published('fct_quota') }} where is_current),

dates as (select * from {{ published('dim_date') }}),

quarter_quotas as (

    select
        dates.fiscal_quarter_start_date,
        sum(quotas.amount) as quota_amount,
    from quotas
    inner join dates on quotas.month_start_date = dates.calendar_date
    group by dates.fiscal_quarter_start_date

),

outlook as (

    select
        forecasts.period_start_date as fiscal_quarter_start_date,
        quarter_quotas.quota_amount,
        forecasts.won_amount,
        forecasts.p10_amount,
        forecasts.mean_amount,
        forecasts.p90_amount,
        {{ safe_divide('forecasts.mean_amount', 'quarter_quotas.quota_amount') }}
            as expected_attainment_rate,
        case
            when forecasts.p10_amount >= quarter_quotas.quota_amount then 'likely'
            when forecasts.p90_amount < quarter_quotas.quota_amount then 'unlikely'
            when quarter_quotas.quota_amount is not null then 'open'
        end as is_quota_met,
    from forecasts
    inner join runs on forecasts.forecast_run_id = runs.forecast_run_id
    inner join today on runs.as_of_date = today.calendar_date
    left join quarter_quotas
        on forecasts.period_start_date = quarter_quotas.fiscal_quarter_start_date

)

select * from outlook
order by fiscal_quarter_start_date
