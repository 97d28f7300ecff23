with

salesforce_tasks as (select * from {{ ref('stg_salesforce__tasks') }}),

-- An invitee's copy of a meeting is the same meeting again.
salesforce_events as (select * from {{ ref('stg_salesforce__events') }} where not is_child),

activity_versions as (

    select
        activity_key,
        owner_key,
        account_key,
        opportunity_key,
        'task' as activity_source,
        case
            when lower(task_subtype) in ('call', 'email') then lower(task_subtype)
            when lower(task_type) in ('call', 'email', 'meeting') then lower(task_type)
            else 'other'
        end as activity_type,
        due_date,
        case
            when is_closed then coalesce(completed_at, {{ business_date_start('due_date') }})
        end as ends_at,
        valid_to,
        is_deleted,
    from salesforce_tasks

    union all

    select
        activity_key,
        owner_key,
        account_key,
        opportunity_key,
        'event' as activity_source,
        'meeting' as activity_type,
        {{ to_business_date('started_at') }} as due_date,
        ended_at as ends_at,
        valid_to,
        is_deleted,
    from salesforce_events

)

select * from activity_versions
