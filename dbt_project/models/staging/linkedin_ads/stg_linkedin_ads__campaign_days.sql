with

campaign_day_reports as (

    {{
        newest_version(
            'raw_linkedin_ads',
            'campaign_daily',
            key=['day', 'campaign_id'],
            watermark='_first_extract_date'
        )
    }}

),

campaign_days as (

    select
        'linkedin_ads:' || campaign_id
        || ':' || cast(day as {{ dbt.type_string() }}) as campaign_day_key,
        'linkedin_ads:' || campaign_id as ad_campaign_key,

        campaign_name,
        impressions as impression_count,
        clicks as click_count,
        -- A cost in a currency that nobody names is of no use where the one in dollars is told.
        case
            when cost_in_local_currency is null or currency_code is null
                then cast(coalesce(cost_in_usd, cost_in_local_currency) as decimal(18, 6))
            else cast(cost_in_local_currency as decimal(18, 6))
        end as spend_amount_original,
        case
            when cost_in_local_currency is null or currency_code is null
                then case when cost_in_usd is not null then 'USD' else currency_code end
            else currency_code
        end as currency_code,

        day as ad_date,
    from campaign_day_reports
    where _deleted_date is null

)

select * from campaign_days
