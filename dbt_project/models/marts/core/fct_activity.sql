with

activities as (

    select
        activity_key,
        owner_key,
        account_key,
        opportunity_key,

        activity_source,
        activity_type,

        due_date,
        done_at,
        done_date,

        is_done,
    from {{ ref('int_activities_listed') }}

)

select * from activities
