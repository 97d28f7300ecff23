with

salesforce_currencies as (select * from {{ ref('stg_salesforce__currency_types') }}),

hubspot_currencies as (select * from {{ ref('stg_hubspot__home_currencies') }}),

corporate_currencies as (

    select
        1 as source_rank,
        currency_code,
    from salesforce_currencies
    where is_corporate

    union all

    select
        2 as source_rank,
        currency_code,
    from hubspot_currencies

)

select * from corporate_currencies
