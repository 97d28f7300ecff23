with

users as (select * from {{ ref('dim_user') }}),

opportunity_history as (select * from {{ ref('int_opportunity_history') }}),

activities as (select * from {{ ref('fct_activity') }}),

quotas as (select * from {{ ref('fct_quota') }}),

mentions as (

    select user_key, false as is_owner, false as is_quota_carrier from users

    union all

    select distinct owner_key, true, false from opportunity_history

    union all

    select distinct owner_key, true, false from activities

    union all

    select distinct owner_key, false, true from quotas where is_current

),

people as (

    select
        mentions.user_key,
        coalesce(bool_or(users.is_active), false) as is_active,
        count(users.user_key) > 0 as is_known,
        bool_or(mentions.is_owner) as is_owner,
        bool_or(mentions.is_quota_carrier) as is_quota_carrier,
    from mentions
    left join users on mentions.user_key = users.user_key
    where mentions.user_key is not null
    group by mentions.user_key

)

select * from people
