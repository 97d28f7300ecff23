with

versions as (

    {{
        dated_versions(
            'raw_salesforce', 'account', watermark='coalesce(system_modstamp, last_modified_date)'
        )
    }}

),

account_versions as (

    select
        {{ salesforce_key('id') }} as account_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as account_version_key,
        {{ salesforce_key('master_record_id') }} as master_account_key,
        {{ salesforce_key('parent_id') }} as parent_account_key,
        {{ salesforce_key('owner_id') }} as owner_key,

        name as account_name,
        type as account_type,
        industry,
        annual_revenue as annual_revenue_amount_original,
        currency_iso_code as currency_code,
        number_of_employees as employee_count,
        billing_city as city,
        billing_country as country,

        coalesce(is_deleted, false) as is_deleted,
        created_date as created_at,
        valid_from,
        {{ custom_fields('salesforce', 'Account') }}
        valid_to,
    from versions

)

select * from account_versions
