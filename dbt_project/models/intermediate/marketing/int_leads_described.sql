with

records as (select * from {{ ref('int_person_records_listed') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

leads as (

    select * from {{ ref('stg_salesforce__leads') }}
    where valid_to is null

),

contacts as (select * from {{ ref('int_contacts_listed') }}),

described_leads as (

    select
        records.record_key as lead_key,
        records.source_system,
        records.record_type,
        case
            when records.record_type = 'contact' or records.person_key != records.record_key
                then records.person_key
        end as contact_key,
        coalesce(contacts.account_key, leads.converted_account_key) as account_key,
        records.owner_key,

        coalesce(leads.lead_source, contacts.lead_source) as lead_source,
        coalesce(leads.status, contacts.lifecycle_stage) as status,
        leads.rating,
        leads.company_name,

        records.created_at,
    from records
    inner join persons
        on
            records.record_key = persons.record_key
            and records.record_key = persons.lead_key
    left join leads on records.record_key = leads.lead_key
    left join contacts on records.person_key = contacts.contact_key

)

select * from described_leads
