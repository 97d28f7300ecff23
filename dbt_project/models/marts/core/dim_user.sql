with

user_history as (select * from {{ ref('dim_user_history') }}),

-- The last known version; its end is the day on which the user vanished from the extracts.
last_versions as (

    select *
    from user_history
    qualify row_number() over (partition by user_key order by valid_from desc) = 1

),

users as (

    select
        users.user_key,
        users.manager_key,

        users.user_name,
        managers.user_name as manager_name,
        users.role_name,
        users.title,
        users.team,
        users.region,

        -- Known once company files say it: the CRM's creation date of a user is no hire date.
        cast(null as date) as hire_date,

        users.is_active and users.is_current as is_active,
    from last_versions as users
    left join last_versions as managers on users.manager_key = managers.user_key

)

select * from users
