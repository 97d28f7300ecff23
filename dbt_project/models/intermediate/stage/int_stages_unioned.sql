with

salesforce_stages as (select * from {{ ref('stg_salesforce__opportunity_stages') }}),

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

)

select * from stages
