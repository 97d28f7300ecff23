with

contact_roles as (select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}),

deal_contacts as (select * from {{ ref('stg_hubspot__deal_contacts') }}),

opportunity_contacts as (

    select
        opportunity_key,
        contact_key,
    from contact_roles
    where opportunity_key is not null and contact_key is not null

    union distinct

    select
        opportunity_key,
        contact_key,
    from deal_contacts

)

select * from opportunity_contacts
