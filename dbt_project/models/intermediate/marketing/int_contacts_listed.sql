with

salesforce_contacts as (

    select *
    from {{ ref('stg_salesforce__contacts') }}
    qualify row_number() over (partition by contact_key order by valid_from desc) = 1

),

hubspot_contacts as (select * from {{ ref('stg_hubspot__contacts') }}),

contacts as (

    select
        contact_key,
        'salesforce' as source_system,
        account_key,
        owner_key,

        contact_name,
        title,
        email,
        country,
        lead_source,
        cast(null as {{ dbt.type_string() }}) as lifecycle_stage,

        created_at,
        is_deleted or valid_to is not null as is_deleted,
    from salesforce_contacts

    union all

    select
        contact_key,
        'hubspot' as source_system,
        account_key,
        owner_key,

        contact_name,
        title,
        email,
        country,
        analytics_source as lead_source,
        lifecycle_stage,

        created_at,
        is_deleted,
    from hubspot_contacts

)

select * from contacts
