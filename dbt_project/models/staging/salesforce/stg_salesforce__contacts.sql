with

versions as (

    {{
        dated_versions(
            'raw_salesforce', 'contact', watermark='coalesce(system_modstamp, last_modified_date)'
        )
    }}

),

contact_versions as (

    select
        {{ salesforce_key('id') }} as contact_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as contact_version_key,
        {{ salesforce_key('master_record_id') }} as master_contact_key,
        {{ salesforce_key('account_id') }} as account_key,
        {{ salesforce_key('owner_id') }} as owner_key,

        name as contact_name,
        title,
        email,
        mailing_country as country,
        lead_source,

        coalesce(created_date, system_modstamp, last_modified_date) as created_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'Contact') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from contact_versions
