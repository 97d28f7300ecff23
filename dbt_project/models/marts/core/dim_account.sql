with

account_versions as (select * from {{ ref('stg_salesforce__accounts') }}),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

last_versions as (

    select
        * except (currency_code),
        coalesce(currency_code, {{ default_currency() }}) as currency_code,
    from account_versions
    qualify row_number() over (partition by account_key order by valid_from desc) = 1

),

present_accounts as (

    select
        last_versions.account_key,
        coalesce(
            merged_accounts.survivor_account_key, last_versions.account_key
        ) as survivor_account_key,
        last_versions.parent_account_key,
        last_versions.owner_key,

        last_versions.account_name,
        last_versions.account_type,
        last_versions.industry,
        last_versions.country as region,
        last_versions.city,
        last_versions.employee_count,

        last_versions.annual_revenue_amount_original,
        last_versions.currency_code,

        {{ to_business_date('last_versions.created_at') }} as created_date,

        merged_accounts.account_key is not null as is_merged,
        last_versions.is_deleted or last_versions.valid_to is not null as is_deleted,
    from last_versions
    left join merged_accounts on last_versions.account_key = merged_accounts.account_key

)

select * from present_accounts
