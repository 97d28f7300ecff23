with

account_versions as (select * from {{ ref('int_accounts_unioned') }}),

accounts as (

    select
        * except (valid_from, valid_to, is_deleted),
        is_deleted or valid_to is not null as is_deleted,
    from account_versions
    qualify row_number() over (partition by account_key order by valid_from desc) = 1

)

select * from accounts
