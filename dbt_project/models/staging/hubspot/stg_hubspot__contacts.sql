with

contacts as (

    {{
        newest_version(
            'raw_hubspot', 'contacts', watermark='coalesce(lastmodifieddate, updated_at)'
        )
    }}

),

owner_names as (select * from {{ ref('stg_hubspot__owner_names') }}),

present_contacts as (

    select
        {{ hubspot_key('contacts.id') }} as contact_key,
        {{ hubspot_key('contacts.associatedcompanyid') }} as account_key,
        coalesce(
            {{ hubspot_key('contacts.hubspot_owner_id') }}, owner_names.owner_key
        ) as owner_key,
        contacts.hs_merged_object_ids as merged_contact_ids,

        nullif(
            trim(coalesce(contacts.firstname, '') || ' ' || coalesce(contacts.lastname, '')), ''
        ) as contact_name,
        contacts.jobtitle as title,
        contacts.company as company_name,
        contacts.email,
        contacts.country,
        -- The API writes codes (`marketingqualifiedlead`), a screen export labels.
        lower(replace(contacts.lifecyclestage, ' ', '')) as lifecycle_stage,
        contacts.hs_lead_status as lead_status,
        upper(replace(contacts.hs_analytics_source, ' ', '_')) as analytics_source,

        coalesce(
            contacts.createdate,
            contacts.created_at,
            contacts.lastmodifieddate,
            contacts.updated_at
        ) as created_at,
        contacts.hs_lifecyclestage_lead_date as lead_at,
        contacts.hs_lifecyclestage_marketingqualifiedlead_date as marketing_qualified_at,
        contacts.hs_lifecyclestage_salesqualifiedlead_date as sales_qualified_at,
        contacts.hs_lifecyclestage_opportunity_date as opportunity_at,
        contacts.hs_lifecyclestage_customer_date as customer_at,

        contacts._deleted_date is not null or coalesce(contacts.archived, false) as is_deleted,
    from contacts
    left join owner_names on contacts.hubspot_owner_name = owner_names.owner_name

)

select * from present_contacts
