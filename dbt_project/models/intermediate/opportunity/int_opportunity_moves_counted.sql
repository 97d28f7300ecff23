with

history as (select * from {{ ref('int_opportunity_history') }}),

stages as (select * from {{ ref('int_stages_ordered') }}),

steps as (

    select
        history.opportunity_key,
        history.valid_from,
        history.stage_name,
        history.close_date,
        history.is_closed,
        stages.stage_order,
        lag(history.stage_name) over versions as previous_stage_name,
        lag(history.close_date) over versions as previous_close_date,
        lag(history.is_closed) over versions as was_closed,
        lag(stages.stage_order) over versions as previous_stage_order,
    from history
    left join stages
        on history.stage_name = stages.stage_name
    window versions as (
        partition by history.opportunity_key order by history.version_number
    )

),

opportunity_moves as (

    select
        opportunity_key,
        count(
            case
                when {{ month_start('close_date') }} > {{ month_start('previous_close_date') }}
                    then 1
            end
        ) as push_count,
        count(
            case
                when not is_closed and not was_closed and stage_order < previous_stage_order then 1
            end
        ) as stage_regression_count,
        max(
            case when stage_name is distinct from previous_stage_name then valid_from end
        ) as stage_entered_at,
    from steps
    group by opportunity_key

)

select * from opportunity_moves
