with

quotes as (select * from {{ ref('int_currency_quotes_unioned') }}),

corporate_currencies as (select * from {{ ref('int_corporate_currencies_unioned') }}),

-- Before the first rate the first one holds.
rates as (

    select
        source_rank,
        currency_code,
        rate,
        case
            when row_number() over currency_quotes = 1 then date '0001-01-01'
            else start_date
        end as valid_from_date,
        coalesce(
            lead(start_date) over currency_quotes, date '9999-12-31'
        ) as valid_to_date,
    from quotes
    window currency_quotes as (partition by source_rank, currency_code order by start_date)

),

reporting_rates as (

    select * from rates
    where currency_code = '{{ var("reporting_currency") }}'

),

default_currency as (

    select
        coalesce(
            min_by(currency_code, cast(source_rank as {{ dbt.type_string() }}) || currency_code),
            '{{ var("reporting_currency") }}'
        ) as currency_code,
    from corporate_currencies

),

-- Both rates of a conversion in one row, from one source: it ends when either of them changes. What
-- the reporting currency is worth may be unknown; then nothing else can be converted.
paired_rates as (

    select
        rates.source_rank,
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
            rates.source_rank = reporting_rates.source_rank
            and rates.valid_from_date < reporting_rates.valid_to_date
            and rates.valid_to_date > reporting_rates.valid_from_date

),

-- A currency has the rates of the most trusted source that can convert it.
trusted_rates as (

    select
        currency_code,
        rate,
        reporting_rate,
        valid_from_date,
        valid_to_date,
    from paired_rates
    qualify
        dense_rank() over (
            partition by currency_code
            order by case when reporting_rate is null then 1 else 0 end, source_rank
        ) = 1

    union all

    -- A reporting currency that nobody quotes is worth itself.
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
        trusted_rates.*,
        trusted_rates.currency_code = default_currency.currency_code as is_default_currency,
    from trusted_rates
    cross join default_currency

)

select * from exchange_rates
