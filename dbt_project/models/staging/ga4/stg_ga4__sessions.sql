with

sessions as (

    {{
        newest_version(
            'raw_ga4',
            'sessions',
            key=['user_pseudo_id', 'ga_session_id'],
            watermark='event_timestamp'
        )
    }}

),

web_sessions as (

    select
        -- Keys are published, and what a cookie holds names a person's browser.
        'ga4:' || {{ dbt.hash("user_pseudo_id || ':' || ga_session_id") }} as session_key,
        user_pseudo_id as browser_id,
        user_id as visitor_id,

        source,
        medium,
        campaign as campaign_name,
        campaign_id,
        default_channel_group,
        landing_page,
        country,
        device_category,

        page_views as page_view_count,
        key_events as key_event_count,

        coalesce(
            {{ moment_of_microseconds('event_timestamp') }},
            {{ business_date_start('event_date') }}
        ) as started_at,

        gclid is not null as is_google_ad_click,
    from sessions
    where _deleted_date is null

)

select * from web_sessions
