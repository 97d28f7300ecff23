with

quotes as (select * from {{ ref('int_currency_quotes_unioned') }}),

corporate_currencies as (select * from {{ ref('int_corporate_currencies_unioned') }}),

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
    from corporate_currencies

),

-- Both rates of a conversion in one row: it ends when either of them changes. What the reporting
-- currency is worth may be unknown; then it is worth itself, and nothing else can be converted.
paired_rates as (

    select
        rates.currency_code,
        rates.rate,
        reporting_rates.rate as reporting_rate,
        greatest(rates.valid_from_date, reporting_rates.valid_from_date) as valid_from_date,
        nullif(
            least(rates.valid_to_date, reporting_rates.valid_to_date), date '9999-12-31'
        ) as valid_to_date,
    from rates
    left join reporting_rates
        on
            rates.valid_from_date < reporting_rates.valid_to_date
            and rates.valid_to_date > reporting_rates.valid_from_date

    union all

    select
        '{{ var("reporting_currency") }}' as currency_code,
        1 as rate,
        1 as reporting_rate,
        date '0001-01-01' as valid_from_date,
        null as valid_to_date,
    from default_currency
    where not exists (select 1 from reporting_rates)

),

exchange_rates as (

    select
        paired_rates.*,
        paired_rates.currency_code = default_currency.currency_code as is_default_currency,
    from paired_rates
    cross join default_currency

)

select * from exchange_rates
