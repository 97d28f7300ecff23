{%- set ever = "date '0001-01-01'" -%}
with

salesforce_rates as (select * from {{ ref('stg_salesforce__dated_conversion_rates') }}),

salesforce_currencies as (select * from {{ ref('stg_salesforce__currency_types') }}),

company_rates as (select * from {{ ref('stg_company__exchange_rates') }}),

hubspot_rates as (select * from {{ ref('stg_hubspot__deal_exchange_rates') }}),

hubspot_home as (select * from {{ ref('stg_hubspot__home_currencies') }}),

-- Each source counts in a currency of its own: Salesforce in the corporate one, the company's sheet
-- in the reporting one, HubSpot in the home one. In order of trust.
quotes as (

    select
        1 as source_rank,
        currency_code,
        start_date,
        rate,
        modified_at,
        dated_rate_id,
        1 as kind_rank,
    from salesforce_rates

    union all

    -- A currency without dated rates has had its present one for ever.
    select
        1 as source_rank,
        currency_code,
        {{ ever }} as start_date,
        rate,
        modified_at,
        null as dated_rate_id,
        2 as kind_rank,
    from salesforce_currencies

    union all

    select
        2 as source_rank,
        currency_code,
        start_date,
        rate,
        null as modified_at,
        null as dated_rate_id,
        1 as kind_rank,
    from company_rates
    where currency_code <> '{{ var("reporting_currency") }}'

    union all

    select
        2 as source_rank,
        '{{ var("reporting_currency") }}' as currency_code,
        {{ ever }} as start_date,
        1 as rate,
        null as modified_at,
        null as dated_rate_id,
        1 as kind_rank,
    from company_rates

    union all

    select
        3 as source_rank,
        currency_code,
        start_date,
        rate,
        null as modified_at,
        null as dated_rate_id,
        1 as kind_rank,
    from hubspot_rates

    union all

    -- Where no deal is in the home currency, that is taken to be the reporting one.
    select
        3 as source_rank,
        '{{ var("reporting_currency") }}' as currency_code,
        {{ ever }} as start_date,
        1 as rate,
        null as modified_at,
        null as dated_rate_id,
        2 as kind_rank,
    from hubspot_rates
    where not exists (select 1 from hubspot_home)

),

currency_quotes as (

    select
        source_rank,
        currency_code,
        start_date,
        rate,
    from quotes
    where rate > 0
    qualify
        kind_rank = min(kind_rank) over (partition by source_rank, currency_code)
        and row_number() over (
            partition by source_rank, currency_code, kind_rank, start_date
            order by modified_at desc nulls last, dated_rate_id desc
        ) = 1

)

select * from currency_quotes
