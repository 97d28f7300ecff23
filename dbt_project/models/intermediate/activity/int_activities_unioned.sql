with

salesforce_tasks as (select * from {{ ref('stg_salesforce__tasks') }}),

-- An invitee's copy of a meeting is the same meeting again.
salesforce_events as (select * from {{ ref('stg_salesforce__events') }} where not is_child),

hubspot_engagements as (select * from {{ ref('stg_hubspot__engagements') }}),

activity_versions as (

    select
        activity_key,
        owner_key,
        account_key,
        person_key,
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
        person_key,
        opportunity_key,
        'event' as activity_source,
        'meeting' as activity_type,
        {{ to_business_date('started_at') }} as due_date,
        ended_at as ends_at,
        valid_to,
        is_deleted,
    from salesforce_events

    union all

    -- A task to call or to write is not the call or e-mail, which HubSpot logs by itself.
    select
        activity_key,
        owner_key,
        account_key,
        cast(null as {{ dbt.type_string() }}) as person_key,
        opportunity_key,
        case
            when engagement_type in ('call', 'email', 'meeting', 'note', 'task')
                then engagement_type
            else 'other'
        end as activity_source,
        case
            when engagement_type in ('call', 'email', 'meeting') then engagement_type else 'other'
        end as activity_type,
        {{ to_business_date('planned_at') }} as due_date,
        case
            when takes_place
                then coalesce(
                    ended_at, {{ business_date_start(to_business_date('planned_at')) }}
                )
        end as ends_at,
        valid_to,
        is_deleted,
    from hubspot_engagements

)

select * from activity_versions
