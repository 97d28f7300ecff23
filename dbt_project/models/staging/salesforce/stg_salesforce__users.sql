with

versions as (

    {{ dated_versions('raw_salesforce', 'user') }}

),

user_versions as (

    select
        {{ salesforce_key('id') }} as user_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as user_version_key,
        {{ salesforce_key('manager_id') }} as manager_key,
        {{ salesforce_key('user_role_id') }} as role_key,

        name as user_name,
        email,
        title,
        department,
        division,
        user_type,
        is_active,

        created_date as created_at,
        valid_from,
        {{ custom_fields('salesforce', 'User') }}
        valid_to,
    from versions

)

select * from user_versions
