with

stages as (select * from {{ ref('int_stages_ordered') }}),

history as (select * from {{ ref('int_opportunity_history') }}),

-- The stage of what nobody knows comes before all that somebody does.
all_stages as (

    select * from stages

    union all

    select distinct
        'salesforce' as source_system,
        'Unknown' as stage_name,
        0 as stage_order,
        cast(null as decimal(7, 4)) as default_probability,
        'Pipeline' as forecast_category,
        false as is_active,
        false as is_closed,
        false as is_won,
    from history
    where
        stage_name = 'Unknown'
        and stage_name not in (select stage_name from stages)

),

dim_stage as (

    select
        source_system || ':' || stage_name as stage_key,
        source_system,

        stage_name,
        stage_order,
        forecast_category,
        default_probability,

        is_active,
        is_closed,
        is_won,
    from all_stages

)

select * from dim_stage
