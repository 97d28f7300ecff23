{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where {{ opportunity_is_changed() }}

),

outcome_runs as (

    {{ outcome_runs_query('history') }}

)

select * from outcome_runs
