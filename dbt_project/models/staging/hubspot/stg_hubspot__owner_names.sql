with

owners as (select * from {{ ref('stg_hubspot__owners') }}),

-- A screen export names an owner; a name that two owners had says nothing.
owner_names as (

    select
        user_name as owner_name,
        min(user_key) as owner_key,
    from owners
    where user_name is not null
    group by user_name
    having count(distinct user_key) = 1

)

select * from owner_names
