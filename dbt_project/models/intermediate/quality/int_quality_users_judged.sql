{%- set rules = {
    'nobody_is_their_own_manager': [
        'manager_key = found_in',
        'Their own manager: they stand at the top of the tree.',
    ],
    'managers_form_a_tree': [
        'is_in_a_circle',
        'In a circle of managers, which ends where it would close.',
    ],
    'a_manager_is_a_user': [
        'manager_key is not null and not is_manager_known',
        'With a manager who is no user in any extract, and who stands at the top of the tree.',
    ],
    'who_left_owns_nothing_open': [
        'not is_active and open_count > 0',
        'No longer active, with open opportunities.',
    ],
} -%}
with

user_versions as (select * from {{ ref('int_users_completed') }}),

manager_paths as (select * from {{ ref('int_manager_paths') }} where valid_to is null),

reporting_lines as (select * from {{ ref('int_reporting_lines') }} where valid_to is null),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }} where not is_closed),

present_users as (

    select * from user_versions
    where valid_to is null

),

-- Who stands above somebody who manages them.
circles as (

    select distinct manager_paths.user_key
    from manager_paths
    inner join reporting_lines on manager_paths.node_key = reporting_lines.user_key
    where manager_paths.distance > 0 and reporting_lines.manager_key = manager_paths.user_key

),

open_deals as (

    select
        owner_key,
        count(*) as open_count,
        sum(amount) as amount,
    from outcomes
    group by owner_key

),

judged as (

    select
        split_part(present_users.user_key, ':', 1) as source_system,
        {{
            object_name(
                "split_part(present_users.user_key, ':', 1)",
                {'salesforce': 'User', 'hubspot': 'owners', 'company': 'roster'}
            )
        }} as object_name,
        present_users.user_key as found_in,
        present_users.manager_key,
        open_deals.amount,
        open_deals.open_count,
        present_users.is_active,
        circles.user_key is not null as is_in_a_circle,
        managers.user_key is not null as is_manager_known,
    from present_users
    left join present_users as managers on present_users.manager_key = managers.user_key
    left join circles on present_users.user_key = circles.user_key
    left join open_deals on present_users.user_key = open_deals.owner_key

),

users_judged as (

    {{ quality_findings('judged', rules) }}

)

select * from users_judged
