with

salesforce_users as (select * from {{ ref('stg_salesforce__users') }}),

salesforce_roles as (

    select * from {{ ref('stg_salesforce__user_roles') }}
    where valid_to is null

),

hubspot_owners as (select * from {{ ref('stg_hubspot__owners') }}),

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

    union all

    -- HubSpot knows no managers, no roles and no regions.
    select
        user_version_key,
        user_key,
        null as manager_key,

        user_name,
        email,
        null as role_name,
        null as title,
        team_name as team,
        null as region,

        valid_from,
        valid_to,

        is_active,
    from hubspot_owners

)

select * from user_versions
