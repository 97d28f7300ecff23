with

exchange_rates as (select * from {{ ref('stg_hubspot__deal_exchange_rates') }}),

home_currencies as (

    select currency_code
    from exchange_rates
    group by currency_code
    having min(rate) = 1 and max(rate) = 1

)

select * from home_currencies
