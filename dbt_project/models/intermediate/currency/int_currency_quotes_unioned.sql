with

dated_rates as (select * from {{ ref('stg_salesforce__dated_conversion_rates') }}),

currency_types as (select * from {{ ref('stg_salesforce__currency_types') }}),

-- A currency without dated rates has had its present one for ever.
quotes as (

    select
        currency_code,
        start_date,
        rate,
        modified_at,
        dated_rate_id,
        1 as source_rank,
    from dated_rates

    union all

    select
        currency_code,
        date '0001-01-01' as start_date,
        rate,
        modified_at,
        null as dated_rate_id,
        2 as source_rank,
    from currency_types

),

currency_quotes as (

    select
        currency_code,
        start_date,
        rate,
    from quotes
    where rate > 0
    qualify
        source_rank = min(source_rank) over (partition by currency_code)
        and row_number() over (
            partition by currency_code, source_rank, start_date
            order by modified_at desc nulls last, dated_rate_id desc
        ) = 1

)

select * from currency_quotes
