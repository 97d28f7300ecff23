with

touches as (

    select
        touchpoint_key,
        source_system,
        lead_key,
        opportunity_key,
        campaign_key,

        touch_type,
        channel,
        source_name,
        medium,
        campaign_name,
        landing_page,

        touched_at,
        touched_date,
    from {{ ref('int_touches_unioned') }}

)

select * from touches
