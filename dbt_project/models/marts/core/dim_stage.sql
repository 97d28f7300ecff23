with

ordered_stages as (select * from {{ ref('int_stages_ordered') }}),

history as (select * from {{ ref('int_opportunity_history') }}),

unknown_stages as (

    select distinct
        stage_key,
        source_system,
    from history
    where stage_key = {{ unknown_stage_key('source_system') }}

),

-- The stage of what nobody knows comes before all that somebody does.
stages as (

    select
        stage_key,
        source_system,
        pipeline_key,
        pipeline_name,

        stage_name,
        stage_order,
        forecast_category,
        default_probability,

        is_active,
        is_closed,
        is_won,
    from ordered_stages

    union all

    select
        unknown_stages.stage_key,
        unknown_stages.source_system,
        unknown_stages.source_system as pipeline_key,
        null as pipeline_name,

        'Unknown' as stage_name,
        0 as stage_order,
        'Pipeline' as forecast_category,
        null as default_probability,

        false as is_active,
        false as is_closed,
        false as is_won,
    from unknown_stages
    left join ordered_stages
        on unknown_stages.stage_key = ordered_stages.stage_key
    where ordered_stages.stage_key is null

)

select * from stages
