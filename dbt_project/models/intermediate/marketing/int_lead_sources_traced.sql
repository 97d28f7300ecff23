with

touches as (select * from {{ ref('int_person_touches_unioned') }}),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

traced_sources as (

    select
        touches.lead_key,
        min_by(touches.channel, (touches.touched_at, touches.touchpoint_key)) as channel,
        min_by(
            campaigns.reporting_campaign_key,
            case
                when campaigns.campaign_key is not null
                    then (touches.touched_at, touches.touchpoint_key)
            end
        ) as campaign_key,
    from touches
    left join campaigns on touches.campaign_key = campaigns.campaign_key
    group by touches.lead_key

)

select * from traced_sources
