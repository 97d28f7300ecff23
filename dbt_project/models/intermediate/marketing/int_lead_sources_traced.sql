with

touches as (select * from {{ ref('int_person_touches_unioned') }}),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

first_touches as (

    select
        lead_key,
        min_by(channel, (touched_at, touchpoint_key)) as channel,
        min_by(
            campaign_key,
            case when campaign_key is not null then (touched_at, touchpoint_key) end
        ) as campaign_key,
    from touches
    group by lead_key

),

traced_sources as (

    select
        first_touches.lead_key,
        first_touches.channel,
        coalesce(
            campaigns.reporting_campaign_key, first_touches.campaign_key
        ) as campaign_key,
    from first_touches
    left join campaigns on first_touches.campaign_key = campaigns.campaign_key

)

select * from traced_sources
