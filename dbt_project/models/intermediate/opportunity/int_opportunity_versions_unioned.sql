with

salesforce_versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

-- What was merged into another deal is that deal.
hubspot_versions as (

    select versions.*
    from {{ ref('stg_hubspot__deal_versions') }} as versions
    left join {{ ref('stg_hubspot__deal_merges') }} as merges
        on versions.opportunity_key = merges.opportunity_key
    where merges.opportunity_key is null

),

opportunity_versions as (

    select
        opportunity_key,
        'salesforce' as source_system,
        version_rank,
        owner_key,
        account_key,
        campaign_key,
        stage_key,
        'salesforce' as pipeline_key,

        opportunity_name,
        opportunity_type,
        lead_source,
        loss_reason,
        stage_name,
        forecast_category,

        amount,
        currency_code,
        probability,

        created_at,
        close_date,
        modified_at,
        first_seen_date,
        deleted_date,

        is_closed,
        is_won,
        is_deleted,
    from salesforce_versions

    union all

    select
        opportunity_key,
        'hubspot' as source_system,
        version_rank,
        owner_key,
        account_key,
        null as campaign_key,
        stage_key,
        pipeline_key,

        opportunity_name,
        opportunity_type,
        lead_source,
        loss_reason,
        stage_name,
        forecast_category,

        amount,
        currency_code,
        probability,

        created_at,
        close_date,
        modified_at,
        first_seen_date,
        deleted_date,

        is_closed,
        is_won,
        is_deleted,
    from hubspot_versions

)

select * from opportunity_versions
