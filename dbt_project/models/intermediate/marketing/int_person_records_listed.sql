with

leads as (

    select * from {{ ref('stg_salesforce__leads') }}
    where valid_to is null and not is_deleted

),

contacts as (select * from {{ ref('int_contacts_listed') }} where not is_deleted),

merged_records as (select * from {{ ref('int_persons_merged') }}),

records as (

    select
        lead_key as record_key,
        'salesforce' as source_system,
        'lead' as record_type,
        converted_contact_key,
        owner_key,
        email,
        created_at,
    from leads

    union all

    select
        contact_key as record_key,
        source_system,
        'contact' as record_type,
        cast(null as {{ dbt.type_string() }}) as converted_contact_key,
        owner_key,
        email,
        created_at,
    from contacts

),

-- A converted lead and its contact are one person, named by the contact; so are several leads that
-- were converted to one contact.
person_records as (

    select
        records.* except (converted_contact_key),
        coalesce(
            merged_contacts.survivor_record_key, records.converted_contact_key, records.record_key
        ) as person_key,
        records.converted_contact_key,
    from records
    left join merged_records as merged_contacts
        on records.converted_contact_key = merged_contacts.record_key
    left join merged_records on records.record_key = merged_records.record_key
    where merged_records.record_key is null and records.created_at < {{ as_of_end() }}

)

select * from person_records
