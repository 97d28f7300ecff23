with

ad_days as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('int_ad_days_unioned') }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

ad_performance as (

    select
        ad_days.ad_performance_key,
        ad_days.ad_account_key,
        ad_days.ad_campaign_key,

        ad_days.ad_date,
        ad_days.platform,
        {{ platform_channel('ad_days.platform') }} as channel,
        ad_days.campaign_name,

        cast(ad_days.impression_count as bigint) as impression_count,
        cast(ad_days.click_count as bigint) as click_count,
        ad_days.platform_conversion_count,

        {{
            convert_amount(
                'ad_days.spend_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as spend_amount,
        ad_days.spend_amount_original,
        {{
            convert_amount(
                'ad_days.platform_conversion_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as platform_conversion_amount,
        ad_days.currency_code,
    from ad_days
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'ad_days.currency_code', 'ad_days.ad_date') }}

)

select * from ad_performance
