with

activities as (select * from {{ ref('int_activities_listed') }} where is_done),

credit_paths as (select * from {{ ref('int_credit_paths') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

-- Days first: there are far fewer of them than activities.
owner_days as (

    select
        owner_key,
        done_date,
        {{ business_date_start(date_plus('done_date', 1)) }} as day_end_at,
        count(case when activity_type = 'call' then 1 end) as call_count,
        count(case when activity_type = 'email' then 1 end) as email_count,
        count(case when activity_type = 'meeting' then 1 end) as meeting_count,
        count(case when activity_source = 'task' then 1 end) as task_completed_count,
    from activities
    group by owner_key, done_date

),

credited_activities as (

    select
        credit_paths.credit_scope,
        periods.period_type,
        periods.period_start_date,
        credit_paths.node_key as user_key,

        sum(owner_days.call_count) as call_count,
        sum(owner_days.email_count) as email_count,
        sum(owner_days.meeting_count) as meeting_count,
        sum(owner_days.task_completed_count) as task_completed_count,
    from owner_days
    inner join periods
        on owner_days.done_date between periods.period_start_date and periods.last_seen_date
    inner join credit_paths
        on
            owner_days.owner_key = credit_paths.user_key
            and {{ held_before('credit_paths', 'owner_days.day_end_at') }}
    group by
        credit_paths.credit_scope,
        periods.period_type,
        periods.period_start_date,
        credit_paths.node_key

)

select * from credited_activities
