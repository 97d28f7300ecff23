{{ config(**replacing('changed_periods_give_way()')) }}
with

windows as (

    select * from {{ ref('int_opportunity_windows') }}
    where {{ opportunity_is_changed() }} or {{ period_is_new() }}

),

history as (select * from {{ ref('int_opportunity_history') }}),

outcome_runs as (select * from {{ ref('int_opportunity_outcome_runs') }}),

rates as (select * from {{ ref('int_exchange_rates') }}),

period_states as (

    {{ period_states_query('windows', 'history', 'outcome_runs', 'rates') }}

)

select * from period_states
