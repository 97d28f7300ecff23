with

campaigns as (select * from {{ ref('int_campaigns_listed') }}),

matches as (select * from {{ ref('int_campaigns_matched') }}),

-- Two platforms may serve one campaign of the CRM: it goes under the first channel by name.
advertised_campaigns as (

    select
        matches.reporting_campaign_key as campaign_key,
        min({{ platform_channel('campaigns.source_system') }}) as channel,
    from matches
    inner join campaigns on matches.campaign_key = campaigns.campaign_key
    where matches.reporting_campaign_key is not null
    group by matches.reporting_campaign_key

),

described_campaigns as (

    select
        campaigns.*,
        coalesce(
            matches.reporting_campaign_key, campaigns.campaign_key
        ) as reporting_campaign_key,
        matches.match_rule,
        coalesce(
            {{ platform_channel('campaigns.source_system') }},
            advertised_campaigns.channel,
            campaigns.campaign_type,
            'Unattributed'
        ) as channel,
    from campaigns
    left join matches on campaigns.campaign_key = matches.campaign_key
    left join advertised_campaigns
        on campaigns.campaign_key = advertised_campaigns.campaign_key

)

select * from described_campaigns
