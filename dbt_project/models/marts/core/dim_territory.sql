with

territories as (select * from {{ ref('stg_salesforce__territories') }}),

places as (select * from {{ ref('int_territories_placed') }}),

user_territories as (

    select * from {{ ref('stg_salesforce__user_territories') }}
    where is_active

),

territory_users as (

    select
        territory_key,
        count(distinct user_key) as user_count,
    from user_territories
    group by territory_key

),

present_territories as (

    select
        territories.territory_key,
        territories.parent_territory_key,
        territories.forecast_user_key,

        territories.territory_name,
        places.territory_path,
        cast(places.level_number as bigint) as level_number,

        coalesce(territory_users.user_count, 0) as user_count,

        territories.is_deleted,
    from territories
    inner join places on territories.territory_key = places.territory_key
    left join territory_users on territories.territory_key = territory_users.territory_key

)

select * from present_territories
