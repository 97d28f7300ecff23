with

history as (select * from {{ ref('int_opportunity_history') }}),

outcome_runs as (

    {{ outcome_runs_query('history') }}

)

select * from outcome_runs
