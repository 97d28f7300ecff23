with

opportunities as (select * from {{ ref('int_opportunities_described') }}),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

opportunity_people as (select * from {{ ref('int_opportunity_people_linked') }}),

touches as (select * from {{ ref('int_person_touches_unioned') }}),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

-- The people of an opportunity tell of its campaign themselves, if they responded to it.
told_campaigns as (

    select distinct
        opportunity_people.opportunity_key,
        campaigns.reporting_campaign_key,
    from opportunity_people
    inner join touches on opportunity_people.lead_key = touches.lead_key
    inner join campaigns on touches.campaign_key = campaigns.campaign_key

),

added_sources as (

    select
        opportunities.opportunity_key || ':campaign_source' as touchpoint_key,
        opportunities.source_system,
        opportunities.opportunity_key,
        opportunities.campaign_key,
        'campaign_source' as touch_type,
        coalesce(campaigns.channel, 'Unattributed') as channel,
        campaigns.campaign_name,
        outcomes.created_at as touched_at,
    from opportunities
    inner join outcomes on opportunities.opportunity_key = outcomes.opportunity_key
    left join campaigns on opportunities.campaign_key = campaigns.campaign_key
    left join told_campaigns
        on
            opportunities.opportunity_key = told_campaigns.opportunity_key
            and campaigns.reporting_campaign_key = told_campaigns.reporting_campaign_key
    where opportunities.campaign_key is not null and told_campaigns.opportunity_key is null

)

select * from added_sources
