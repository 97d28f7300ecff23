with

salesforce_versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

opportunity_versions as (

    select
        opportunity_key,
        source_system,
        version_rank,
        owner_key,
        account_key,
        campaign_key,
        stage_key,
        source_system as pipeline_key,

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

)

select * from opportunity_versions
