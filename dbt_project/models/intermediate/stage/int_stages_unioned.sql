with

crm_stages as (select * from {{ ref('stg_salesforce__opportunity_stages') }}),

opportunity_versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

opportunity_histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

-- In order of trust: the CRM's stage object, the newest record seen in the stage, and for a stage
-- that only old history rows name, what its forecast category says.
stages as (

    select
        1 as source_rank,
        opportunity_stage_id as source_id,
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
        opportunity_key as source_id,
        stage_name,
        null as sort_order,
        forecast_category,
        probability as default_probability,
        modified_at as stated_at,
        true as is_active,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
    from opportunity_versions

    union all

    select
        3 as source_rank,
        opportunity_history_id as source_id,
        stage_name,
        null as sort_order,
        forecast_category,
        probability as default_probability,
        changed_at as stated_at,
        false as is_active,
        forecast_category = 'Closed'
        or (forecast_category = 'Omitted' and probability = 0) as is_closed,
        forecast_category = 'Closed' as is_won,
    from opportunity_histories

),

named_stages as (

    select * from stages
    where stage_name is not null

)

select * from named_stages
