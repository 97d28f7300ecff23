with

ordered_stages as (select * from {{ ref('int_stages_ordered') }}),

history as (select * from {{ ref('int_opportunity_history') }}),

unknown_stages as (

    select distinct stage_name
    from history
    where stage_name = 'Unknown'

),

-- The stage of what nobody knows comes before all that somebody does.
stages as (

    select
        source_system,
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
        'salesforce' as source_system,
        unknown_stages.stage_name,
        0 as stage_order,
        'Pipeline' as forecast_category,
        null as default_probability,
        false as is_active,
        false as is_closed,
        false as is_won,
    from unknown_stages
    left join ordered_stages
        on unknown_stages.stage_name = ordered_stages.stage_name
    where ordered_stages.stage_name is null

),

keyed_stages as (

    select
        *,
        source_system || ':' || stage_name as stage_key,
    from stages

)

select * from keyed_stages
