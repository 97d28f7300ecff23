{{ config(**replacing('changed_periods_give_way()')) }}
with

period_states as (

    select * from {{ ref('int_opportunity_period_states') }}
    where {{ opportunity_is_changed() }} or {{ period_is_new() }}

),

movements as (

    {{ period_movements_query('period_states') }}

)

select * from movements
