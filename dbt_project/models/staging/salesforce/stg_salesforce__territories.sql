with

versions as (

    {{ newest_version('raw_salesforce', 'territory2') }}

),

territories as (

    select
        {{ salesforce_key('id') }} as territory_key,
        {{ salesforce_key('parent_territory2_id') }} as parent_territory_key,
        {{ salesforce_key('forecast_user_id') }} as forecast_user_key,

        name as territory_name,
        developer_name,

        _deleted_date is not null as is_deleted,
    from versions

)

select * from territories
