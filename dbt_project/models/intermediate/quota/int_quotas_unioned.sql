with

salesforce_quotas as (select * from {{ ref('stg_salesforce__forecasting_quotas') }}),

quota_versions as (

    select
        quota_version_key,
        quota_key,
        owner_key,

        month_start_date,
        'bookings' as quota_type,
        product_family,

        amount_original,
        currency_code,

        valid_from,
        valid_to,
    from salesforce_quotas

)

select * from quota_versions
