with

crm_stages as (select * from {{ ref('stg_salesforce__opportunity_stages') }}),

opportunity_versions as (select * from {{ ref('stg_salesforce__opportunity_versions') }}),

opportunity_histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

-- In order of trust: the CRM's stage object, the newest record seen in the stage, and for a stage
-- that only old history rows name, what its forecast category says.
named_stages as (

    select
        stage_name,
        sort_order,
        is_active,
        is_closed,
        is_won,
        default_probability,
        forecast_category,
        1 as trust,
        cast(null as timestamp) as modified_at,
        opportunity_stage_id as tie_breaker,
    from crm_stages

    union all

    select
        stage_name,
        cast(null as bigint) as sort_order,
        true as is_active,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
        probability as default_probability,
        forecast_category,
        2 as trust,
        modified_at,
        opportunity_key as tie_breaker,
    from opportunity_versions

    union all

    select
        stage_name,
        cast(null as bigint) as sort_order,
        false as is_active,
        forecast_category = 'Closed'
        or (forecast_category = 'Omitted' and probability = 0) as is_closed,
        forecast_category = 'Closed' as is_won,
        probability as default_probability,
        forecast_category,
        3 as trust,
        changed_at as modified_at,
        opportunity_history_id as tie_breaker,
    from opportunity_histories

),

trusted_stages as (

    select *
    from named_stages
    where stage_name is not null
    qualify
        row_number() over (
            partition by stage_name
            order by
                trust,
                is_active desc,
                modified_at desc nulls last,
                sort_order nulls last,
                tie_breaker desc
        ) = 1

),

stages as (

    select
        'salesforce' as source_system,
        stage_name,
        row_number() over (
            order by
                sort_order nulls last,
                is_closed,
                default_probability nulls first,
                stage_name
        ) as stage_order,
        default_probability,
        coalesce(forecast_category, 'Pipeline') as forecast_category,
        is_active,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
    from trusted_stages

)

select * from stages
