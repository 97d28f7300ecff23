with

salesforce_stages as (select * from {{ ref('stg_salesforce__opportunity_stages') }}),

hubspot_stages as (select * from {{ ref('stg_hubspot__deal_stages') }}),

stages as (

    select
        opportunity_stage_id as stage_id,
        stage_key,
        'salesforce' as source_system,
        'salesforce' as pipeline_key,
        cast(null as {{ dbt.type_string() }}) as pipeline_name,

        stage_name,
        sort_order,

        forecast_category,
        default_probability,

        is_active,
        is_closed,
        is_won,
    from salesforce_stages

    union all

    select
        stage_id,
        stage_key,
        'hubspot' as source_system,
        pipeline_key,
        pipeline_name,

        stage_name,
        sort_order,

        forecast_category,
        default_probability,

        is_active,
        is_closed,
        is_won,
    from hubspot_stages

)

select * from stages
