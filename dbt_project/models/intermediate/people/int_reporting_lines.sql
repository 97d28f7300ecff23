with

user_versions as (select * from {{ ref('int_users_completed') }}),

-- Most versions of a user leave the manager as it was: only a change of manager begins a new line.
manager_changes as (

    select
        user_key,
        manager_key,
        valid_from,
    from user_versions
    qualify
        row_number() over (partition by user_key order by valid_from) = 1
        or manager_key is distinct from lag(manager_key) over (
            partition by user_key order by valid_from
        )

),

reporting_lines as (

    select
        user_key,
        case when manager_key != user_key then manager_key end as manager_key,
        valid_from,
        -- Who vanished from the extracts keeps the last manager.
        lead(valid_from) over (partition by user_key order by valid_from) as valid_to,
    from manager_changes

)

select * from reporting_lines
