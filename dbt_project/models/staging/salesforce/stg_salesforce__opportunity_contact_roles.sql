with

contact_roles as (

    {{ newest_version('raw_salesforce', 'opportunity_contact_role') }}

),

opportunity_contact_roles as (

    select
        {{ salesforce_key('id') }} as opportunity_contact_role_key,
        {{ salesforce_key('opportunity_id') }} as opportunity_key,
        {{ salesforce_key('contact_id') }} as contact_key,

        role as contact_role,

        created_date as created_at,

        coalesce(is_primary, false) as is_primary,
    from contact_roles
    where _deleted_date is null and not coalesce(is_deleted, false)

)

select * from opportunity_contact_roles
