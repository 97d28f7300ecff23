{{ config(**replacing('changed_opportunities_give_way()')) }}
{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where not is_deleted and {{ opportunity_is_changed() }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

valued_stretches as (

    {{ pipeline_stretches_query('history', 'exchange_rates') }}

)

select * from valued_stretches
