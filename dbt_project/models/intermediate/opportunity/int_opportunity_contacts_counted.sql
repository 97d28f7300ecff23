with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

participants as (select * from {{ ref('int_opportunity_contacts_unioned') }}),

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
