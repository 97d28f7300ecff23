with

user_versions as (select * from {{ ref('int_users_completed') }}),

user_history as (

    select
        user_version_key,
        user_key,
        manager_key,

        user_name,
        role_name,
        title,
        team,
        region,

        valid_from,
        valid_to,

        is_active,
        valid_to is null as is_current,
    from user_versions

)

select * from user_history
