with

dated_rates as (select * from {{ ref('stg_salesforce__dated_conversion_rates') }}),

currency_types as (select * from {{ ref('stg_salesforce__currency_types') }}),

first_day as (select date '0001-01-01' as first_date),

-- A currency without dated rates has had its present one for ever; so has the reporting currency
-- of a company that knows no rates at all.
quotes as (

    select currency_code, start_date, rate, modified_at, dated_rate_id, 1 as trust
    from dated_rates
    where rate > 0

    union all

    select currency_code, first_date, rate, modified_at, null, 2
    from currency_types
    cross join first_day
    where rate > 0

    union all

    select '{{ var("reporting_currency") }}', first_date, 1, null, null, 3
    from first_day

),

trusted_quotes as (

    select *
    from quotes
    qualify
        trust = min(trust) over (partition by currency_code)
        and row_number() over (
            partition by currency_code, start_date
            order by trust, modified_at desc nulls last, dated_rate_id desc
        ) = 1

),

-- Before the first rate the first one holds.
rates as (

    select
        currency_code,
        rate,
        case
            when row_number() over currency_dates = 1 then date '0001-01-01' else start_date
        end as valid_from_date,
        coalesce(lead(start_date) over currency_dates, date '9999-12-31') as valid_to_date,
    from trusted_quotes
    window currency_dates as (partition by currency_code order by start_date)

),

reporting_rates as (

    select * from rates where currency_code = '{{ var("reporting_currency") }}'

),

exchange_rates as (

    select
        rates.currency_code,
        rates.rate,
        reporting_rates.rate as reporting_rate,
        greatest(rates.valid_from_date, reporting_rates.valid_from_date) as valid_from_date,
        nullif(
            least(rates.valid_to_date, reporting_rates.valid_to_date), date '9999-12-31'
        ) as valid_to_date,
        rates.currency_code = coalesce(
            (select min(currency_code) from currency_types where is_corporate),
            '{{ var("reporting_currency") }}'
        ) as is_default_currency,
    from rates
    inner join reporting_rates
        on
            rates.valid_from_date < reporting_rates.valid_to_date
            and reporting_rates.valid_from_date < rates.valid_to_date

)

select * from exchange_rates
