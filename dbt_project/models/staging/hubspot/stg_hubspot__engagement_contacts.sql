with

engagements as (

    {{ newest_version('raw_hubspot', 'engagements', watermark='updated_at') }}

),

listed_contacts as (

    select
        {{ hubspot_key('id') }} as activity_key,
        {{ each_of(ids_associated('associations', 'contacts')) }} as contact_id,
    from engagements
    where _deleted_date is null and associations is not null

),

engagement_contacts as (

    select distinct
        activity_key,
        {{ hubspot_key('contact_id') }} as contact_key,
    from listed_contacts

)

select * from engagement_contacts
