with

versions as (

    {{ dated_versions('raw_salesforce', 'task') }}

),

task_versions as (

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
        status,
        priority,
        type as task_type,
        task_subtype,
        call_type,
        call_duration_in_seconds as call_duration_seconds,
        coalesce(is_closed, false) as is_closed,

        activity_date as due_date,
        completed_date_time as completed_at,
        created_date as created_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'Task') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from task_versions
