with

versions as (

    {{
        dated_versions(
            'raw_salesforce', 'lead', watermark='coalesce(system_modstamp, last_modified_date)'
        )
    }}

),

lead_versions as (

    select
        {{ salesforce_key('id') }} as lead_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as lead_version_key,
        {{ salesforce_key('master_record_id') }} as master_lead_key,
        {{ salesforce_key('owner_id') }} as owner_key,
        {{ salesforce_key('converted_account_id') }} as converted_account_key,
        {{ salesforce_key('converted_contact_id') }} as converted_contact_key,
        {{ salesforce_key('converted_opportunity_id') }} as converted_opportunity_key,

        name as lead_name,
        company as company_name,
        title,
        email,
        phone,
        status,
        rating,
        lead_source,
        coalesce(is_converted, false) as is_converted,

        converted_date,
        coalesce(created_date, system_modstamp, last_modified_date) as created_at,
        coalesce(system_modstamp, last_modified_date) as modified_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'Lead') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from lead_versions
