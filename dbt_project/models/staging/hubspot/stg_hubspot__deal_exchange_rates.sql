with

versions as (select * from {{ ref('stg_hubspot__deal_versions') }}),

-- A closed deal was converted at the rate of its close date, an open one at that of the day on
-- which it was last changed.
dated_rates as (

    select
        currency_code,
        case when is_closed then close_date else {{ to_business_date('modified_at') }} end
            as start_date,
        cast(1 / cast(home_exchange_rate as double) as decimal(24, 10)) as rate,
        modified_at,
        opportunity_key,
    from versions
    where currency_code is not null and home_exchange_rate > 0

),

deal_exchange_rates as (

    select
        currency_code,
        start_date,
        rate,
    from dated_rates
    where start_date is not null
    qualify
        row_number() over (
            partition by currency_code, start_date
            order by modified_at desc, opportunity_key desc, rate desc
        ) = 1

)

select * from deal_exchange_rates
