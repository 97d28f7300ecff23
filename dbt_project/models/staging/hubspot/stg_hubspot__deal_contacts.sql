with

deals as (

    {{
        newest_version(
            'raw_hubspot', 'deals', watermark='coalesce(hs_lastmodifieddate, updated_at)'
        )
    }}

),

listed_contacts as (

    select
        {{ hubspot_key('id') }} as opportunity_key,
        {{ each_of(ids_associated('associations', 'contacts')) }} as contact_id,
    from deals
    where _deleted_date is null and associations is not null

    union all

    select
        {{ hubspot_key('id') }} as opportunity_key,
        {{ each_of(split_at_semicolons('associated_contact_ids')) }} as contact_id,
    from deals
    where _deleted_date is null and associated_contact_ids is not null

),

deal_contacts as (

    select distinct
        opportunity_key,
        {{ hubspot_key('trim(contact_id)') }} as contact_key,
    from listed_contacts
    where trim(contact_id) != ''

)

select * from deal_contacts
