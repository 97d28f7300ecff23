with

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

currency_rates as (

    select
        currency_code || ':' || cast(valid_from_date as {{ dbt.type_string() }})
            as exchange_rate_key,
        currency_code,

        cast(rate as decimal(28, 10)) as rate,
        cast(reporting_rate as decimal(28, 10)) as reporting_rate,

        valid_from_date,
        valid_to_date,

        is_default_currency as is_corporate_currency,
    from exchange_rates

)

select * from currency_rates
