with

opportunities as (select * from {{ ref('fct_opportunity') }}),

contact_roles as (select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}),

-- A CRM of which no contact of a deal was ever delivered says nothing about lonely ones.
delivering_systems as (

    select distinct split_part(opportunity_key, ':', 1) as source_system
    from contact_roles

),

opportunity_contacts as (

    select
        opportunities.opportunity_key,
        count(distinct contact_roles.contact_key) as contact_count,
    from opportunities
    inner join delivering_systems
        on opportunities.source_system = delivering_systems.source_system
    left join contact_roles
        on opportunities.opportunity_key = contact_roles.opportunity_key
    group by opportunities.opportunity_key

)

select * from opportunity_contacts
