with

associations as (

    {{ newest_version('raw_salesforce', 'user_territory2_association') }}

),

user_territories as (

    select
        {{ salesforce_key('id') }} as user_territory_key,
        {{ salesforce_key('user_id') }} as user_key,
        {{ salesforce_key('territory2_id') }} as territory_key,

        role_in_territory2 as territory_role,

        coalesce(is_active, true) as is_active,
    from associations
    where _deleted_date is null

)

select * from user_territories
