with

campaign_days as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('stg_google_ads__campaign_days') }}
    where ad_date <= {{ as_of_date() }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

ad_performance as (

    select
        campaign_days.campaign_day_key as ad_performance_key,
        campaign_days.ad_account_key,
        campaign_days.ad_campaign_key,

        campaign_days.ad_date,
        'google_ads' as platform,
        campaign_days.campaign_name,

        campaign_days.impression_count,
        campaign_days.click_count,
        campaign_days.platform_conversion_count,

        {{
            convert_amount(
                'campaign_days.spend_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as spend_amount,
        campaign_days.spend_amount_original,
        campaign_days.currency_code,
    from campaign_days
    left join exchange_rates
        on {{
            rate_in_force('exchange_rates', 'campaign_days.currency_code', 'campaign_days.ad_date')
        }}

)

select * from ad_performance
