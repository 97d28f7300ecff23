with

versions as (

    {{ dated_versions('raw_hubspot', 'engagements', watermark='updated_at') }}

),

kinds as (

    select
        *,
        case
            when hs_engagement_type = 'EMAIL' and hs_email_direction = 'INCOMING_EMAIL'
                then 'INCOMING_EMAIL'
            else hs_engagement_type
        end as kind,
    from versions

),

engagement_versions as (

    select
        {{ hubspot_key('id') }} as activity_key,
        {{ hubspot_key('id') }} || ':' || _row_hash as activity_version_key,
        {{ hubspot_key('hubspot_owner_id') }} as owner_key,
        {{ hubspot_key(first_of(ids_associated('associations', 'companies'))) }} as account_key,
        {{ hubspot_key(first_of(ids_associated('associations', 'deals'))) }} as opportunity_key,

        lower(kind) as engagement_type,
        coalesce(hs_task_subject, hs_email_subject, hs_meeting_title) as subject,
        case kind
            when 'TASK' then coalesce(hs_task_status = 'COMPLETED', false)
            when 'MEETING'
                then coalesce(
                    hs_meeting_outcome not in ('CANCELED', 'NO_SHOW', 'RESCHEDULED'), true
                )
            when 'CALL'
                then coalesce(
                    hs_call_status not in ('CANCELED', 'FAILED', 'CONNECTING', 'QUEUED', 'RINGING'),
                    true
                )
            when 'EMAIL'
                then coalesce(hs_email_status not in ('FAILED', 'SCHEDULED', 'SENDING'), true)
            else true
        end as takes_place,

        coalesce(hs_meeting_start_time, hs_timestamp) as planned_at,
        case kind
            when 'TASK' then hs_task_completion_date
            when 'MEETING' then coalesce(hs_meeting_end_time, hs_timestamp)
            else hs_timestamp
        end as ended_at,
        created_at,
        valid_from,
        valid_to,

        coalesce(archived, false) as is_deleted,
    from kinds

)

select * from engagement_versions
