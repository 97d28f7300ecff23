with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

activities as (select * from {{ ref('int_activities_listed') }} where is_done),

-- A CRM of which no activity was ever delivered says nothing about silence.
delivering_systems as (

    select distinct split_part(activity_key, ':', 1) as source_system
    from activities

),

opportunity_activities as (

    select
        opportunities.opportunity_key,
        count(activities.activity_key) as activity_count,
        max(activities.done_date) as last_activity_date,
    from opportunities
    inner join delivering_systems
        on opportunities.source_system = delivering_systems.source_system
    left join activities
        on opportunities.opportunity_key = activities.opportunity_key
    group by opportunities.opportunity_key

)

select * from opportunity_activities
