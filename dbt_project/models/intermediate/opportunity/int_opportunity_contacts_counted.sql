with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

contact_roles as (select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}),

deal_contacts as (select * from {{ ref('stg_hubspot__deal_contacts') }}),

participants as (

    select
        opportunity_key,
        contact_key,
    from contact_roles

    union distinct

    select
        opportunity_key,
        contact_key,
    from deal_contacts

),

-- A CRM of which no contact of a deal was ever delivered says nothing about lonely ones.
delivering_systems as (

    select distinct split_part(opportunity_key, ':', 1) as source_system
    from participants

),

opportunity_contacts as (

    select
        opportunities.opportunity_key,
        count(participants.contact_key) as contact_count,
    from opportunities
    inner join delivering_systems
        on opportunities.source_system = delivering_systems.source_system
    left join participants
        on opportunities.opportunity_key = participants.opportunity_key
    group by opportunities.opportunity_key

)

select * from opportunity_contacts
