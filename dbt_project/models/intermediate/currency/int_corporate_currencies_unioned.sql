with

salesforce_currencies as (select * from {{ ref('stg_salesforce__currency_types') }}),

corporate_currencies as (

    select currency_code
    from salesforce_currencies
    where is_corporate

)

select * from corporate_currencies
