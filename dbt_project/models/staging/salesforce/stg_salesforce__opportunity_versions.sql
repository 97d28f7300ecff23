with

versions as (

    {{ visible_versions('raw_salesforce', 'opportunity') }}

),

stamped_versions as (

    select
        *,
        coalesce(
            system_modstamp,
            last_modified_date,
            {{ business_date_start('_first_extract_date') }}
        ) as modified_at,
    from versions

),

opportunity_versions as (

    select
        {{ salesforce_key('id') }} as opportunity_key,
        'salesforce' as source_system,
        row_number() over (
            partition by id
            order by {{ newest_first('coalesce(system_modstamp, last_modified_date)') }}
        ) as version_rank,

        {{ salesforce_key('account_id') }} as account_key,
        {{ salesforce_key('owner_id') }} as owner_key,
        {{ salesforce_key('created_by_id') }} as created_by_key,
        {{ salesforce_key('campaign_id') }} as campaign_key,
        {{ salesforce_key('contact_id') }} as contact_key,
        {{ salesforce_key('stage_name') }} as stage_key,

        name as opportunity_name,
        stage_name,
        coalesce(
            {{ forecast_category('forecast_category') }},
            {{ forecast_category('forecast_category_name') }}
        ) as forecast_category,
        type as opportunity_type,
        lead_source,
        next_step,
        {{ json_text('_extra', 'Loss_Reason__c') }} as loss_reason,

        amount,
        currency_iso_code as currency_code,
        cast(probability * 0.01 as decimal(7, 4)) as probability,

        -- Not every version may say when it was created: it was there when it was first seen.
        coalesce(
            created_date,
            min(created_date) over (partition by id),
            min(modified_at) over (partition by id)
        ) as created_at,
        close_date,
        modified_at,
        _first_extract_date as first_seen_date,
        _deleted_date as deleted_date,

        is_closed,
        is_won,
        {{ custom_fields('salesforce', 'Opportunity') }}
        coalesce(is_deleted, false) as is_deleted,
    from stamped_versions

)

select * from opportunity_versions
