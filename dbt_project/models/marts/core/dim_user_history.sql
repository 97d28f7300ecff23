with

user_versions as (select * from {{ ref('stg_salesforce__users') }}),

roles as (select * from {{ ref('stg_salesforce__user_roles') }} where valid_to is null),

user_history as (

    select
        user_versions.user_version_key,
        user_versions.user_key,
        user_versions.manager_key,

        user_versions.user_name,
        roles.role_name,
        user_versions.title,
        user_versions.department as team,
        user_versions.division as region,

        user_versions.valid_from,
        user_versions.valid_to,

        coalesce(user_versions.is_active, false) as is_active,
        user_versions.valid_to is null as is_current,
    from user_versions
    left join roles on user_versions.role_key = roles.role_key

)

select * from user_history
