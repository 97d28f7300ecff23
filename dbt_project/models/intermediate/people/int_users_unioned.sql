with

salesforce_users as (select * from {{ ref('stg_salesforce__users') }}),

salesforce_roles as (

    select * from {{ ref('stg_salesforce__user_roles') }}
    where valid_to is null

),

user_versions as (

    select
        salesforce_users.user_version_key,
        salesforce_users.user_key,
        salesforce_users.manager_key,

        salesforce_users.user_name,
        salesforce_users.email,
        salesforce_roles.role_name,
        salesforce_users.title,
        salesforce_users.department as team,
        salesforce_users.division as region,

        salesforce_users.valid_from,
        salesforce_users.valid_to,

        coalesce(salesforce_users.is_active, false) as is_active,
    from salesforce_users
    left join salesforce_roles on salesforce_users.role_key = salesforce_roles.role_key

)

select * from user_versions
