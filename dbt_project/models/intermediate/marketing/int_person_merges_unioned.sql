with

leads as (select * from {{ ref('stg_salesforce__leads') }}),

salesforce_contacts as (select * from {{ ref('stg_salesforce__contacts') }}),

hubspot_contacts as (select * from {{ ref('stg_hubspot__contacts') }}),

newest_leads as (

    select *
    from leads
    qualify row_number() over (partition by lead_key order by valid_from desc) = 1

),

newest_contacts as (

    select *
    from salesforce_contacts
    qualify row_number() over (partition by contact_key order by valid_from desc) = 1

),

-- HubSpot writes into the contact that remains which ones it took over.
taken_over_contacts as (

    select
        contact_key as master_record_key,
        {{ each_of(split_at_semicolons('merged_contact_ids')) }} as merged_id,
    from hubspot_contacts
    where merged_contact_ids is not null

),

merges as (

    select
        lead_key as record_key,
        master_lead_key as master_record_key,
    from newest_leads

    union all

    select
        contact_key as record_key,
        master_contact_key as master_record_key,
    from newest_contacts

    union all

    select
        {{ hubspot_key('trim(merged_id)') }} as record_key,
        min(master_record_key) as master_record_key,
    from taken_over_contacts
    where trim(merged_id) != ''
    group by trim(merged_id)

)

select * from merges
where master_record_key is not null
