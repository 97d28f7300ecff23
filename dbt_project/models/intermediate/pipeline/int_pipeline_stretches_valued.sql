with

history as (select * from {{ ref('int_opportunity_history') }} where not is_deleted),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

valued_stretches as (

    {{ pipeline_stretches_query('history', 'exchange_rates', as_of_date()) }}

)

select * from valued_stretches
