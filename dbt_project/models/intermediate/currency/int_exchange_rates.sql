with

quotes as (select * from {{ ref('int_currency_quotes_unioned') }}),

currency_types as (select * from {{ ref('stg_salesforce__currency_types') }}),

-- Before the first rate the first one holds.
rates as (

    select
        currency_code,
        rate,
        case
            when row_number() over (partition by currency_code order by start_date) = 1
                then date '0001-01-01'
            else start_date
        end as valid_from_date,
        coalesce(
            lead(start_date) over (partition by currency_code order by start_date),
            date '9999-12-31'
        ) as valid_to_date,
    from quotes

),

reporting_rates as (

    select * from rates
    where currency_code = '{{ var("reporting_currency") }}'

),

default_currency as (

    select coalesce(min(currency_code), '{{ var("reporting_currency") }}') as currency_code
    from currency_types
    where is_corporate

),

-- Both rates of a conversion in one row: it ends when either of them changes.
exchange_rates as (

    select
        rates.currency_code,
        rates.rate,
        reporting_rates.rate as reporting_rate,
        greatest(rates.valid_from_date, reporting_rates.valid_from_date) as valid_from_date,
        nullif(
            least(rates.valid_to_date, reporting_rates.valid_to_date), date '9999-12-31'
        ) as valid_to_date,
        rates.currency_code = default_currency.currency_code as is_default_currency,
    from rates
    inner join reporting_rates
        on
            rates.valid_from_date < reporting_rates.valid_to_date
            and rates.valid_to_date > reporting_rates.valid_from_date
    cross join default_currency

)

select * from exchange_rates
