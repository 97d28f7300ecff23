with

crm_stages as (select * from {{ ref('int_stages_unioned') }}),

opportunity_versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

opportunity_histories as (select * from {{ ref('int_opportunity_histories_unioned') }}),

crm_stage_keys as (

    select crm_stages.stage_key from crm_stages
    where crm_stages.stage_key is not null

),

-- In order of trust: the CRM's stage object; for stages it does not hold the newest record seen in
-- them; and for those that only old history rows name, what their forecast category says.
stages as (

    select
        1 as source_rank,
        stage_id as source_id,
        cast(null as bigint) as source_version,
        stage_key,
        source_system,
        pipeline_key,
        pipeline_name,
        stage_name,
        sort_order,
        forecast_category,
        default_probability,
        cast(null as {{ dbt.type_timestamp() }}) as stated_at,
        is_active,
        is_closed,
        is_won,
    from crm_stages

    union all

    select
        2 as source_rank,
        versions.opportunity_key as source_id,
        versions.version_number as source_version,
        versions.stage_key,
        versions.source_system,
        versions.pipeline_key,
        null as pipeline_name,
        versions.stage_name,
        null as sort_order,
        versions.forecast_category,
        versions.probability as default_probability,
        versions.effective_at as stated_at,
        true as is_active,
        coalesce(versions.is_closed, false) as is_closed,
        coalesce(versions.is_won, false) as is_won,
    from opportunity_versions as versions
    where versions.stage_key not in (select crm_stage_keys.stage_key from crm_stage_keys)

    union all

    select
        3 as source_rank,
        histories.opportunity_history_id as source_id,
        null as source_version,
        histories.stage_key,
        histories.source_system,
        histories.pipeline_key,
        null as pipeline_name,
        histories.stage_name,
        null as sort_order,
        histories.forecast_category,
        histories.probability as default_probability,
        histories.changed_at as stated_at,
        false as is_active,
        histories.forecast_category = 'Closed'
        or (histories.forecast_category = 'Omitted' and histories.probability = 0) as is_closed,
        histories.forecast_category = 'Closed' as is_won,
    from opportunity_histories as histories
    where histories.stage_key not in (select crm_stage_keys.stage_key from crm_stage_keys)

),

named_stages as (

    select * from stages
    where stage_key is not null

)

select * from named_stages
