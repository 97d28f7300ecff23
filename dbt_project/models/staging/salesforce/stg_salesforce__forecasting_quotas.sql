with

versions as (

    {{ dated_versions('raw_salesforce', 'forecasting_quota') }}

),

quota_versions as (

    select
        {{ salesforce_key('id') }} as quota_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as quota_version_key,
        {{ salesforce_key('quota_owner_id') }} as owner_key,
        {{ salesforce_key('period_id') }} as forecasting_period_key,

        cast({{ dbt.date_trunc('month', 'start_date') }} as date) as month_start_date,
        product_family,
        quota_amount as amount_original,
        currency_iso_code as currency_code,

        created_date as created_at,
        valid_from,
        valid_to,
    from versions

)

select * from quota_versions
