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
        'Pipeline' as forecast_category,
        null as default_probability,
        false as is_active,
        false as is_closed,
        false as is_won,
    from history
    where
        history.stage_name = 'Unknown'
        and history.stage_name not in (select stages.stage_name from stages)

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
