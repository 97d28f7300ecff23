with

versions as (

    {{ dated_versions('raw_salesforce', 'user_role') }}

),

role_versions as (

    select
        {{ salesforce_key('id') }} as role_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as role_version_key,
        {{ salesforce_key('parent_role_id') }} as parent_role_key,

        name as role_name,

        valid_from,
        valid_to,
    from versions

)

select * from role_versions
