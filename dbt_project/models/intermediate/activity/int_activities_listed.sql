with

versions as (select * from {{ ref('int_activities_unioned') }}),

activities as (

    select
        activity_key,
        owner_key,
        account_key,
        person_key,
        opportunity_key,

        activity_source,
        activity_type,

        due_date,
        case when ends_at < {{ as_of_end() }} then ends_at end as done_at,
        case
            when ends_at < {{ as_of_end() }} then {{ to_business_date('ends_at') }}
        end as done_date,

        coalesce(ends_at < {{ as_of_end() }}, false) as is_done,
    from versions
    where valid_to is null and not is_deleted

)

select * from activities
