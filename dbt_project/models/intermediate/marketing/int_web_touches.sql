with

sessions as (select * from {{ ref('stg_ga4__sessions') }}),

identified_sessions as (select * from {{ ref('int_web_sessions_identified') }}),

campaign_references as (select * from {{ ref('int_campaigns_referenced') }}),

campaigns as (select * from {{ ref('int_campaigns_described') }}),

-- Who typed in the address or came by a bookmark was brought by no marketing.
referred_sessions as (

    select
        sessions.*,
        coalesce(references_by_id.campaign_key, references_by_name.campaign_key) as campaign_key,
    from sessions
    left join campaign_references as references_by_id
        on
            references_by_id.reference_type = 'id'
            and {{ salesforce_id_18('sessions.campaign_id') }} = references_by_id.reference_text
    left join campaign_references as references_by_name
        on
            references_by_name.reference_type = 'name'
            and lower(trim(sessions.campaign_name)) = references_by_name.reference_text
    where
        coalesce(sessions.default_channel_group, sessions.source, '')
        not in ('Direct', '(direct)')

),

web_touches as (

    select
        referred_sessions.session_key || ':' || identified_sessions.source_system as touchpoint_key,
        identified_sessions.source_system,
        identified_sessions.lead_key,
        referred_sessions.campaign_key,
        case
            when
                referred_sessions.is_google_ad_click
                or referred_sessions.default_channel_group like 'Paid%'
                then 'ad_click'
            else 'web_session'
        end as touch_type,
        coalesce(
            referred_sessions.default_channel_group, campaigns.channel, 'Unattributed'
        ) as channel,
        referred_sessions.source as source_name,
        referred_sessions.medium,
        coalesce(campaigns.campaign_name, referred_sessions.campaign_name) as campaign_name,
        referred_sessions.landing_page,
        referred_sessions.started_at as touched_at,
    from referred_sessions
    inner join identified_sessions
        on referred_sessions.session_key = identified_sessions.session_key
    left join campaigns on referred_sessions.campaign_key = campaigns.campaign_key

)

select * from web_touches
