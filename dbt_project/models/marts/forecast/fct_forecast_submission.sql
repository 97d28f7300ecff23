with

item_versions as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
        {{ to_business_date('valid_from') }} as submitted_date,
    from {{ ref('stg_salesforce__forecasting_items') }}
    where is_amount and not is_of_territory

),

forecasting_periods as (select * from {{ ref('stg_salesforce__forecasting_periods') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

submissions as (

    select
        item_versions.forecasting_item_version_key as submission_key,
        item_versions.forecasting_item_key,
        item_versions.user_key,

        forecasting_periods.month_start_date,
        item_versions.forecasting_type_key,
        item_versions.forecast_category,
        item_versions.is_cumulative,
        item_versions.product_family,

        {{
            convert_amount(
                'item_versions.submitted_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as submitted_amount,
        {{
            convert_amount(
                'item_versions.adjusted_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as adjusted_amount,
        {{
            convert_amount(
                'item_versions.deals_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as deals_amount,
        item_versions.submitted_amount_original,
        item_versions.adjusted_amount_original,
        item_versions.deals_amount_original,
        item_versions.currency_code,

        item_versions.valid_from,
        item_versions.valid_to,
        item_versions.valid_to is null as is_current,
    from item_versions
    left join forecasting_periods
        on item_versions.forecasting_period_key = forecasting_periods.forecasting_period_key
    -- An amount is worth what its currency was worth on the day it was submitted.
    left join exchange_rates
        on {{
            rate_in_force(
                'exchange_rates', 'item_versions.currency_code', 'item_versions.submitted_date'
            )
        }}

)

select * from submissions
