with

versions as (

    {{ dated_versions('raw_salesforce', 'campaign') }}

),

campaign_versions as (

    select
        {{ salesforce_key('id') }} as campaign_key,
        {{ salesforce_key('id') }} || ':' || _row_hash as campaign_version_key,
        {{ salesforce_key('parent_id') }} as parent_campaign_key,
        {{ salesforce_key('owner_id') }} as owner_key,

        name as campaign_name,
        type as campaign_type,
        status,
        budgeted_cost as budgeted_cost_amount_original,
        actual_cost as actual_cost_amount_original,
        currency_iso_code as currency_code,

        start_date,
        end_date,
        created_date as created_at,
        valid_from,
        valid_to,

        {{ custom_fields('salesforce', 'Campaign') }}
        coalesce(is_deleted, false) as is_deleted,
    from versions

)

select * from campaign_versions
