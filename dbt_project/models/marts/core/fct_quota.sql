with

quotas as (

    select
        quota_version_key,
        quota_key,
        owner_key,

        month_start_date,
        quota_type,
        product_family,

        amount,
        amount_original,
        currency_code,

        valid_from,
        valid_to,
        is_current,
    from {{ ref('int_quotas_valued') }}

)

select * from quotas
