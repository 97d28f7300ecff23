with

google_days as (select * from {{ ref('stg_google_ads__campaign_days') }}),

linkedin_days as (select * from {{ ref('stg_linkedin_ads__campaign_days') }}),

meta_days as (select * from {{ ref('stg_meta_ads__ad_days') }}),

ad_days as (

    select
        campaign_day_key as ad_performance_key,
        ad_account_key,
        ad_campaign_key,
        'google_ads' as platform,
        campaign_name,
        ad_date,
        impression_count,
        click_count,
        spend_amount_original,
        platform_conversion_count,
        platform_conversion_amount_original,
        currency_code,
    from google_days

    union all

    select
        campaign_day_key as ad_performance_key,
        cast(null as {{ dbt.type_string() }}) as ad_account_key,
        ad_campaign_key,
        'linkedin_ads' as platform,
        campaign_name,
        ad_date,
        impression_count,
        click_count,
        spend_amount_original,
        cast(null as decimal(18, 6)) as platform_conversion_count,
        cast(null as decimal(18, 6)) as platform_conversion_amount_original,
        currency_code,
    from linkedin_days

    union all

    select
        ad_campaign_key || ':' || cast(ad_date as {{ dbt.type_string() }}) as ad_performance_key,
        max(ad_account_key) as ad_account_key,
        ad_campaign_key,
        'meta_ads' as platform,
        max(campaign_name) as campaign_name,
        ad_date,
        sum(impression_count) as impression_count,
        sum(click_count) as click_count,
        cast(sum(spend_amount_original) as decimal(18, 6)) as spend_amount_original,
        cast(null as decimal(18, 6)) as platform_conversion_count,
        cast(null as decimal(18, 6)) as platform_conversion_amount_original,
        max(currency_code) as currency_code,
    from meta_days
    group by ad_campaign_key, ad_date

),

known_ad_days as (select * from ad_days where ad_date <= {{ as_of_date() }})

select * from known_ad_days
