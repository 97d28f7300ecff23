with

versions as (

    {{ visible_versions('raw_hubspot', 'deals') }}

),

owner_names as (select * from {{ ref('stg_hubspot__owner_names') }}),

-- Putting a deal into the recycle bin need not move its stamp.
stamped_versions as (

    select
        *,
        pipeline as pipeline_text,
        dealstage as stage_text,
        coalesce(hs_lastmodifieddate, updated_at) as stamped_at,
        greatest(
            coalesce(
                hs_lastmodifieddate, updated_at, {{ business_date_start('_first_extract_date') }}
            ),
            coalesce(case when archived then archived_at end, {{ beginning_of_time() }})
        ) as modified_at,
        coalesce(
            {{ first_of(ids_associated('associations', 'companies')) }},
            trim({{ first_of(split_at_semicolons('associated_company_ids')) }})
        ) as company_id,
    from versions

),

staged_versions as (

    {{ hubspot_staged('stamped_versions') }}

),

closed_versions as (

    select
        *,
        case
            when hs_is_closed_won then true else coalesce(hs_is_closed, stage_is_closed)
        end as is_closed,
        case
            when hs_is_closed_won is not null then hs_is_closed_won
            when not hs_is_closed then false
            else stage_is_won
        end as is_won,
    from staged_versions

),

owned_versions as (

    select
        closed_versions.*,
        owner_names.owner_key as named_owner_key,
    from closed_versions
    left join owner_names
        on closed_versions.hubspot_owner_name = owner_names.owner_name

),

deal_versions as (

    select
        {{ hubspot_key('id') }} as opportunity_key,
        row_number() over (
            partition by id order by {{ newest_first('stamped_at') }}
        ) as version_rank,

        {{ hubspot_key('company_id') }} as account_key,
        coalesce({{ hubspot_key('hubspot_owner_id') }}, named_owner_key) as owner_key,
        stage_key,
        pipeline_key,

        dealname as opportunity_name,
        pipeline_text,
        stage_text,
        stage_name,
        {{ hubspot_forecast_category('hs_manual_forecast_category') }} as chosen_forecast_category,
        {{
            hubspot_deal_category(
                hubspot_forecast_category('hs_manual_forecast_category'), 'is_closed', 'is_won'
            )
        }} as forecast_category,
        dealtype as opportunity_type,
        upper(replace(hs_analytics_source, ' ', '_')) as lead_source,
        closed_lost_reason as loss_reason,

        amount,
        deal_currency_code as currency_code,
        hs_exchange_rate as home_exchange_rate,
        {{ hubspot_probability('hs_deal_stage_probability') }} as probability,

        -- Not every version may say when it was created: it was there when it was first seen.
        coalesce(
            createdate,
            created_at,
            min(coalesce(createdate, created_at)) over (partition by id),
            min(modified_at) over (partition by id)
        ) as created_at,
        {{ hubspot_close_date('closedate') }} as close_date,
        modified_at,
        _first_extract_date as first_seen_date,
        _deleted_date as deleted_date,

        is_closed,
        is_won,
        coalesce(archived, false) as is_deleted,
        _extra as other_properties,
    from owned_versions

)

select * from deal_versions
