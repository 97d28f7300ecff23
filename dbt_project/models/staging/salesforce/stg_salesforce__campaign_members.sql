with

versions as (

    {{ dated_versions('raw_salesforce', 'campaign_member') }}

),

member_versions as (

    select
        {{ salesforce_key('id') }} as campaign_member_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as campaign_member_version_key,
        {{ salesforce_key('campaign_id') }} as campaign_key,
        {{ salesforce_key('lead_id') }} as lead_key,
        {{ salesforce_key('contact_id') }} as contact_key,

        status,
        coalesce(has_responded, false) as has_responded,

        first_responded_date,
        created_date as created_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'CampaignMember') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from member_versions
