{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where {{ opportunity_is_changed() }}

),

stage_entries as (

    select * from {{ ref('int_stage_entries_ordered') }}
    where {{ opportunity_is_changed() }}

),

close_date_changes as (

    select
        opportunity_key,
        close_date,
        lag(close_date) over (
            partition by opportunity_key order by version_number
        ) as previous_close_date,
    from history

),

pushes as (

    select
        opportunity_key,
        count(*) as push_count,
    from close_date_changes
    where {{ month_start('close_date') }} > {{ month_start('previous_close_date') }}
    group by opportunity_key

),

stage_moves as (

    select
        opportunity_key,
        count(case when is_regression then 1 end) as stage_regression_count,
        max(entered_at) as stage_entered_at,
    from stage_entries
    group by opportunity_key

),

opportunity_moves as (

    select
        stage_moves.opportunity_key,
        coalesce(pushes.push_count, 0) as push_count,
        stage_moves.stage_regression_count,
        stage_moves.stage_entered_at,
    from stage_moves
    left join pushes
        on stage_moves.opportunity_key = pushes.opportunity_key

)

select * from opportunity_moves
