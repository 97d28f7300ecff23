{{ config(severity='warn') }}
-- A row is an opportunity whose amount is in no figure, because nobody quotes its currency.
with

opportunities as (select * from {{ ref('fct_opportunity') }})

select
    opportunity_key,
    amount_original,
    currency_code,
from opportunities
where amount is null and amount_original is not null
