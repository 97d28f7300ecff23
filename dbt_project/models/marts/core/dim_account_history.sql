with

account_versions as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('int_accounts_unioned') }}

),

account_history as (

    select
        account_version_key,
        account_key,
        parent_account_key,
        owner_key,

        account_name,
        account_type,
        industry,
        country as region,
        city,
        employee_count,

        annual_revenue_amount_original,
        currency_code,

        valid_from,
        valid_to,

        is_deleted,
        valid_to is null as is_current,
    from account_versions

)

select * from account_history
