with

period_states as (select * from {{ ref('int_opportunity_period_states') }}),

movements as (

    {{ period_movements_query('period_states') }}

)

select * from movements
