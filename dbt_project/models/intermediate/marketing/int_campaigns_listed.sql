with

crm_campaigns as (

    select *
    from {{ ref('stg_salesforce__campaigns') }}
    qualify row_number() over (partition by campaign_key order by valid_from desc) = 1

),

ad_days as (select * from {{ ref('int_ad_days_unioned') }}),

campaigns as (

    select
        campaign_key,
        'salesforce' as source_system,
        parent_campaign_key,
        owner_key,
        campaign_name,
        campaign_type,
        status,
        budgeted_cost_amount_original,
        actual_cost_amount_original,
        {{ record_currency('currency_code') }} as currency_code,
        start_date,
        end_date,
        is_deleted or valid_to is not null as is_deleted,
    from crm_campaigns

    union all

    select
        ad_campaign_key as campaign_key,
        platform as source_system,
        null as parent_campaign_key,
        null as owner_key,
        max_by(campaign_name, (ad_date, ad_performance_key)) as campaign_name,
        'Advertisement' as campaign_type,
        null as status,
        null as budgeted_cost_amount_original,
        null as actual_cost_amount_original,
        null as currency_code,
        min(ad_date) as start_date,
        max(ad_date) as end_date,
        false as is_deleted,
    from ad_days
    group by ad_campaign_key, platform

)

select * from campaigns
