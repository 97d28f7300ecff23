with

accounts as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('int_accounts_listed') }}

),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

present_accounts as (

    select
        accounts.account_key,
        coalesce(
            merged_accounts.survivor_account_key, accounts.account_key
        ) as survivor_account_key,
        accounts.parent_account_key,
        accounts.owner_key,

        accounts.account_name,
        accounts.account_type,
        accounts.industry,
        accounts.country as region,
        accounts.city,
        accounts.employee_count,

        accounts.annual_revenue_amount_original,
        accounts.currency_code,

        {{ to_business_date('accounts.created_at') }} as created_date,

        merged_accounts.account_key is not null as is_merged,
        accounts.is_deleted,
    from accounts
    left join merged_accounts on accounts.account_key = merged_accounts.account_key

)

select * from present_accounts
