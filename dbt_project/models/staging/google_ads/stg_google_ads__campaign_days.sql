with

campaign_day_reports as (

    {{
        newest_version(
            'raw_google_ads',
            'campaign_daily',
            key=['date', 'customer_id', 'campaign_id'],
            watermark='_first_extract_date'
        )
    }}

),

campaign_days as (

    select
        'google_ads:' || customer_id || ':' || campaign_id
        || ':' || cast(date as {{ dbt.type_string() }}) as campaign_day_key,
        'google_ads:' || customer_id as ad_account_key,
        'google_ads:' || campaign_id as ad_campaign_key,

        campaign_name,
        impressions as impression_count,
        clicks as click_count,
        cast(
            cost_micros * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)
        ) as spend_amount_original,
        conversions as platform_conversion_count,
        conversions_value as platform_conversion_amount_original,
        currency_code,

        date as ad_date,
    from campaign_day_reports
    where _deleted_date is null

)

select * from campaign_days
