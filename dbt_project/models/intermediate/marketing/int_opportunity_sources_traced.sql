with

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

opportunities as (select * from {{ ref('int_opportunities_described') }}),

touches as (select * from {{ ref('int_opportunity_touches_ordered') }}),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

paths as (

    select
        touches.opportunity_key,
        min_by(touches.touchpoint_key, touches.touch_number) as first_touchpoint_key,
        max_by(touches.touchpoint_key, touches.touch_number) as last_touchpoint_key,
        min_by(touches.channel, touches.touch_number) as first_channel,
        min_by(
            campaigns.reporting_campaign_key,
            case when campaigns.campaign_key is not null then touches.touch_number end
        ) as first_campaign_key,
        count(*) as touch_count,
    from touches
    left join campaigns on touches.campaign_key = campaigns.campaign_key
    group by touches.opportunity_key

),

traced_sources as (

    select
        outcomes.opportunity_key,
        paths.first_touchpoint_key,
        paths.last_touchpoint_key,
        coalesce(crm_campaigns.reporting_campaign_key, paths.first_campaign_key) as campaign_key,
        coalesce(
            crm_campaigns.channel,
            paths.first_channel,
            opportunities.lead_source,
            'Unattributed'
        ) as channel,
        coalesce(paths.touch_count, 0) as touch_count,
    from outcomes
    inner join opportunities on outcomes.opportunity_key = opportunities.opportunity_key
    left join campaigns as crm_campaigns
        on opportunities.campaign_key = crm_campaigns.campaign_key
    left join paths on outcomes.opportunity_key = paths.opportunity_key

)

select * from traced_sources
