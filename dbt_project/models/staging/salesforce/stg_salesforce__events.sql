with

versions as (

    {{ dated_versions('raw_salesforce', 'event') }}

),

event_versions as (

    select
        {{ salesforce_key('id') }} as activity_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as activity_version_key,
        {{ salesforce_key('owner_id') }} as owner_key,
        {{ salesforce_key('account_id') }} as account_key,
        {{ salesforce_key('who_id') }} as person_key,
        case
            when substr(what_id, 1, 3) = '006' then {{ salesforce_key('what_id') }}
        end as opportunity_key,

        subject,
        type as event_type,
        event_subtype,
        coalesce(is_child, false) as is_child,

        start_date_time as started_at,
        end_date_time as ended_at,
        created_date as created_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'Event') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from event_versions
