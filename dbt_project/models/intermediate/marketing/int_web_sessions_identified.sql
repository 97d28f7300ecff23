{%- set visitor_id -%}
    {%- if var('web_visitor_id') == 'email_sha256' -%}
        lower(sessions.visitor_id)
    {%- else -%}
        {{ salesforce_id_18('sessions.visitor_id') }}
    {%- endif -%}
{%- endset -%}
with

sessions as (select * from {{ ref('stg_ga4__sessions') }}),

visitors as (select * from {{ ref('int_web_visitors_identified') }}),

known_sessions as (

    select
        sessions.session_key,
        sessions.browser_id,
        visitors.source_system,
        visitors.lead_key,
    from sessions
    inner join visitors on {{ visitor_id }} = visitors.visitor_id

),

-- A browser in which one person of a CRM was known, and no other, was theirs before, too.
browsers as (

    select
        browser_id,
        source_system,
        min(lead_key) as lead_key,
    from known_sessions
    group by browser_id, source_system
    having count(distinct lead_key) = 1

),

identified_sessions as (

    select
        session_key,
        source_system,
        lead_key,
    from known_sessions

    union all

    select
        sessions.session_key,
        browsers.source_system,
        browsers.lead_key,
    from sessions
    inner join browsers on sessions.browser_id = browsers.browser_id
    where sessions.visitor_id is null

)

select * from identified_sessions
