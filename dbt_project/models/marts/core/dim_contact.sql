with

contacts as (select * from {{ ref('int_contacts_listed') }}),

merged_contacts as (select * from {{ ref('int_persons_merged') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

present_contacts as (

    select
        contacts.contact_key,
        contacts.source_system,
        coalesce(
            merged_contacts.survivor_record_key, contacts.contact_key
        ) as survivor_contact_key,
        persons.lead_key,
        contacts.account_key,
        contacts.owner_key,

        contacts.contact_name,
        contacts.title,
        contacts.email,
        contacts.country,
        contacts.lead_source,
        contacts.lifecycle_stage,

        {{ to_business_date('contacts.created_at') }} as created_date,

        merged_contacts.record_key is not null as is_merged,
        contacts.is_deleted,
    from contacts
    left join merged_contacts on contacts.contact_key = merged_contacts.record_key
    left join persons on contacts.contact_key = persons.record_key

)

select * from present_contacts
