-- A failure means that an amount could be converted twice, or not at all, on some day.
with

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

neighbours as (

    select
        *,
        lag(valid_to_date) over (
            partition by currency_code order by valid_from_date
        ) as previous_valid_to_date,
        row_number() over (partition by currency_code order by valid_from_date) as span_number,
    from exchange_rates

)

select *
from neighbours
where
    (span_number = 1 and valid_from_date <> date '0001-01-01')
    or (span_number > 1 and valid_from_date is distinct from previous_valid_to_date)
