with

user_versions as (select * from {{ ref('int_users_completed') }}),

opportunity_history as (select * from {{ ref('int_opportunity_history') }}),

activity_versions as (select * from {{ ref('int_activities_unioned') }}),

quotas as (select * from {{ ref('int_quotas_unioned') }}),

users as (

    select
        user_key,
        max(case when valid_to is null and is_active then 1 else 0 end) = 1 as is_active,
    from user_versions
    group by user_key

),

owners as (

    select owner_key from opportunity_history

    union distinct

    select owner_key from activity_versions

),

quota_carriers as (

    select distinct owner_key from quotas
    where valid_to is null

),

mentions as (

    select user_key from users

    union distinct

    select owner_key from owners

    union distinct

    select owner_key from quota_carriers

    union distinct

    select manager_key from user_versions

),

people as (

    select
        mentions.user_key,
        coalesce(users.is_active, false) as is_active,
        users.user_key is not null as is_known,
        owners.owner_key is not null as is_owner,
        quota_carriers.owner_key is not null as is_quota_carrier,
    from mentions
    left join users on mentions.user_key = users.user_key
    left join owners on mentions.user_key = owners.owner_key
    left join quota_carriers on mentions.user_key = quota_carriers.owner_key
    where mentions.user_key is not null

)

select * from people
