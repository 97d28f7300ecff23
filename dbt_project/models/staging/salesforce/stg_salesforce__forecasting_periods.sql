with

quota_versions as (select * from {{ ref('stg_salesforce__forecasting_quotas') }}),

-- Periods are not extracted; quotas name both a period and the month that it is.
forecasting_periods as (

    select
        forecasting_period_key,
        max(month_start_date) as month_start_date,
    from quota_versions
    where forecasting_period_key is not null
    group by forecasting_period_key

)

select * from forecasting_periods
