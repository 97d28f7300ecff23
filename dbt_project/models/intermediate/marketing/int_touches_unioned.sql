with

person_touches as (select * from {{ ref('int_person_touches_unioned') }}),

campaign_sources as (select * from {{ ref('int_campaign_sources_added') }}),

touches as (

    select
        touchpoint_key,
        source_system,
        lead_key,
        cast(null as {{ dbt.type_string() }}) as opportunity_key,
        campaign_key,
        touch_type,
        channel,
        source_name,
        medium,
        campaign_name,
        landing_page,
        touched_at,
    from person_touches

    union all

    select
        touchpoint_key,
        source_system,
        null as lead_key,
        opportunity_key,
        campaign_key,
        touch_type,
        channel,
        null as source_name,
        null as medium,
        campaign_name,
        null as landing_page,
        touched_at,
    from campaign_sources

),

dated_touches as (

    select
        *,
        {{ to_business_date('touched_at') }} as touched_date,
    from touches

)

select * from dated_touches
