with

salesforce_accounts as (select * from {{ ref('stg_salesforce__accounts') }}),

hubspot_companies as (select * from {{ ref('stg_hubspot__companies') }}),

account_versions as (

    select
        account_key,
        account_version_key,
        master_account_key,
        parent_account_key,
        owner_key,

        account_name,
        account_type,
        industry,
        annual_revenue_amount_original,
        currency_code,
        employee_count,
        city,
        country,

        created_at,
        valid_from,
        valid_to,

        is_deleted,
    from salesforce_accounts

    union all

    select
        account_key,
        account_version_key,
        master_account_key,
        parent_account_key,
        owner_key,

        account_name,
        account_type,
        industry,
        annual_revenue_amount_original,
        null as currency_code,
        employee_count,
        city,
        country,

        created_at,
        valid_from,
        valid_to,

        is_deleted,
    from hubspot_companies

)

select * from account_versions
