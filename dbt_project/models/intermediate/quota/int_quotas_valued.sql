with

quota_versions as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('int_quotas_unioned') }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

quotas as (

    select
        quota_versions.quota_version_key,
        quota_versions.quota_key,
        quota_versions.owner_key,

        quota_versions.month_start_date,
        quota_versions.quota_type,
        quota_versions.product_family,

        {{
            convert_amount(
                'quota_versions.amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as amount,
        quota_versions.amount_original,
        quota_versions.currency_code,

        quota_versions.valid_from,
        quota_versions.valid_to,
        quota_versions.quota_source_rank,
        quota_versions.valid_to is null as is_current,
    from quota_versions
    -- A quota is worth what its currency was worth on the first day of its month.
    left join exchange_rates
        on {{
            rate_in_force(
                'exchange_rates', 'quota_versions.currency_code', 'quota_versions.month_start_date'
            )
        }}

)

select * from quotas
