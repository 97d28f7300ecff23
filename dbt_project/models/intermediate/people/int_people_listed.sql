with

users as (select * from {{ ref('dim_user') }}),

user_history as (select * from {{ ref('dim_user_history') }}),

opportunity_history as (select * from {{ ref('int_opportunity_history') }}),

tasks as (select * from {{ ref('stg_salesforce__tasks') }}),

-- An invitee's copy of a meeting makes nobody its owner.
events as (select * from {{ ref('stg_salesforce__events') }} where not is_child),

quotas as (select * from {{ ref('fct_quota') }}),

owners as (

    select owner_key from opportunity_history

    union distinct

    select owner_key from tasks

    union distinct

    select owner_key from events

),

quota_carriers as (

    select distinct owner_key from quotas
    where is_current

),

mentions as (

    select user_key from users

    union distinct

    select owner_key from owners

    union distinct

    select owner_key from quota_carriers

    union distinct

    select manager_key from user_history

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
