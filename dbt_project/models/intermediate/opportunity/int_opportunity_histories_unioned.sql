with

salesforce_histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

hubspot_histories as (select * from {{ ref('stg_hubspot__deal_histories') }}),

opportunity_histories as (

    select
        'salesforce' as source_system,
        opportunity_key,
        opportunity_history_id,
        stage_key,
        'salesforce' as pipeline_key,

        stage_name,
        forecast_category,

        amount,
        probability,

        close_date,
        changed_at,
    from salesforce_histories

    union all

    select
        'hubspot' as source_system,
        opportunity_key,
        deal_history_id as opportunity_history_id,
        stage_key,
        pipeline_key,

        stage_name,
        forecast_category,

        amount,
        probability,

        close_date,
        changed_at,
    from hubspot_histories

)

select * from opportunity_histories
