with

ad_day_reports as (

    {{
        newest_version(
            'raw_meta_ads',
            'campaign_daily',
            key=['date', 'campaign_id', 'adset_id', 'ad_id'],
            watermark='_first_extract_date'
        )
    }}

),

ad_days as (

    select
        'meta_ads:' || campaign_id || ':' || adset_id || ':' || ad_id
        || ':' || cast(date as {{ dbt.type_string() }}) as ad_day_key,
        -- The API writes `act_` before an account's digits, a report may not.
        'meta_ads:' || replace(account_id, 'act_', '') as ad_account_key,
        'meta_ads:' || campaign_id as ad_campaign_key,

        campaign_name,
        adset_name as ad_set_name,
        ad_name,
        impressions as impression_count,
        inline_link_clicks as click_count,
        spend as spend_amount_original,
        currency_code,

        date as ad_date,
    from ad_day_reports
    where _deleted_date is null

)

select * from ad_days
