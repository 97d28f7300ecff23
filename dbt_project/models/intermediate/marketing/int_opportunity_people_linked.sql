with

opportunities as (select * from {{ ref('int_opportunity_outcomes') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

contact_roles as (select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}),

main_contacts as (

    select * from {{ ref('stg_salesforce__opportunity_versions') }}
    where version_rank = 1 and contact_key is not null

),

converted_leads as (

    select * from {{ ref('stg_salesforce__leads') }}
    where valid_to is null and not is_deleted and converted_opportunity_key is not null

),

deal_contacts as (select * from {{ ref('stg_hubspot__deal_contacts') }}),

named_records as (

    select
        opportunity_key,
        contact_key as record_key,
    from contact_roles

    union all

    select
        opportunity_key,
        contact_key as record_key,
    from main_contacts

    union all

    select
        converted_opportunity_key as opportunity_key,
        lead_key as record_key,
    from converted_leads

    union all

    select
        opportunity_key,
        contact_key as record_key,
    from deal_contacts

),

-- A contact whom no extract holds is a person all the same, by that key.
opportunity_people as (

    select distinct
        opportunities.opportunity_key,
        coalesce(persons.lead_key, named_records.record_key) as lead_key,
    from named_records
    inner join opportunities on named_records.opportunity_key = opportunities.opportunity_key
    left join persons on named_records.record_key = persons.record_key

)

select * from opportunity_people
