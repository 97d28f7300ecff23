with

user_history as (select * from {{ ref('dim_user_history') }}),

employees as (select * from {{ ref('int_employees_identified') }} where is_newest_of_user),

-- The last known version; its end is the day on which the user vanished from the extracts.
last_versions as (

    select *
    from user_history
    qualify row_number() over (partition by user_key order by valid_from desc) = 1

),

present_users as (

    select
        last_versions.user_key,
        last_versions.manager_key,

        last_versions.user_name,
        managers.user_name as manager_name,
        last_versions.role_name,
        last_versions.title,
        last_versions.team,
        last_versions.region,

        -- The CRM's creation date of a user is no hire date.
        employees.hire_date,

        last_versions.is_active and last_versions.is_current as is_active,
    from last_versions
    left join last_versions as managers on last_versions.manager_key = managers.user_key
    left join employees on last_versions.user_key = employees.user_key

)

select * from present_users
