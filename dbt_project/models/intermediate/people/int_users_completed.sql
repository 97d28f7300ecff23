with

user_versions as (select * from {{ ref('int_users_unioned') }}),

roster_terms as (select * from {{ ref('int_roster_terms_dated') }}),

-- What the CRM does not say of its user, the roster may.
crm_stretches as (

    select
        user_versions.user_version_key,
        user_versions.user_key,
        coalesce(user_versions.manager_key, roster_terms.manager_key) as manager_key,

        user_versions.user_name,
        coalesce(user_versions.role_name, roster_terms.role_name) as role_name,
        user_versions.title,
        user_versions.team,
        coalesce(user_versions.region, roster_terms.region) as region,

        user_versions.valid_from as version_valid_from,
        user_versions.valid_to as version_valid_to,
        greatest(
            user_versions.valid_from, coalesce(roster_terms.valid_from, user_versions.valid_from)
        ) as valid_from,

        user_versions.is_active,
    from user_versions
    left join roster_terms
        on
            user_versions.user_key = roster_terms.user_key
            and user_versions.valid_from < coalesce(roster_terms.valid_to, {{ end_of_time() }})
            and coalesce(user_versions.valid_to, {{ end_of_time() }}) > roster_terms.valid_from

),

compared_stretches as (

    select
        *,
        manager_key is distinct from lag(manager_key) over version_order
        or role_name is distinct from lag(role_name) over version_order
        or region is distinct from lag(region) over version_order as is_change,
    from crm_stretches
    window version_order as (partition by user_version_key order by valid_from)

),

-- A row of the roster that adds nothing new begins nothing.
crm_changes as (

    select * from compared_stretches
    where is_change or valid_from = version_valid_from

),

user_stretches as (

    select
        case
            when valid_from = version_valid_from then user_version_key
            else user_version_key || ':' || cast(valid_from as {{ dbt.type_string() }})
        end as user_version_key,
        user_key,
        manager_key,

        user_name,
        role_name,
        title,
        team,
        region,

        valid_from,
        coalesce(
            lead(valid_from) over (partition by user_version_key order by valid_from),
            version_valid_to
        ) as valid_to,

        is_active,
    from crm_changes

    union all

    -- Who sells, or manages those who do, without a seat in the CRM.
    select
        roster_term_key as user_version_key,
        user_key,
        manager_key,

        employee_name as user_name,
        role_name,
        null as title,
        null as team,
        region,

        valid_from,
        valid_to,

        is_employed as is_active,
    from roster_terms
    where user_key not in (select user_versions.user_key from user_versions)

)

select * from user_stretches
