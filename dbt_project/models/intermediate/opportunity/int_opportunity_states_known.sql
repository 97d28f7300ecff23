with

opportunities as (select * from {{ ref('stg_salesforce__opportunities') }}),

versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

histories as (select * from {{ ref('stg_salesforce__opportunity_histories') }}),

stages as (select * from {{ ref('int_stages_ordered') }}),

-- Where both speak of one moment the record comes second, so that its word holds from there on.
statements as (

    select
        opportunity_key,
        'tracked' as history_source,
        changed_at as stated_at,
        1 as source_order,
        row_number() over (order by opportunity_history_id) as statement_order,
        stage_name,
        cast(null as boolean) as is_closed,
        cast(null as boolean) as is_won,
        forecast_category,
        probability,
        amount,
        close_date,
    from histories

    union all

    select
        opportunity_key,
        'observed' as history_source,
        effective_at as stated_at,
        2 as source_order,
        version_number as statement_order,
        stage_name,
        is_closed,
        is_won,
        forecast_category,
        probability,
        amount,
        close_date,
    from versions

),

states as (

    select
        statements.opportunity_key,
        statements.history_source,
        -- Clocks of one CRM differ by a second or so: nothing happens before creation.
        greatest(statements.stated_at, opportunities.created_at) as changed_at,
        row_number() over (
            partition by statements.opportunity_key
            order by statements.stated_at, statements.source_order, statements.statement_order
        ) as state_number,
        coalesce(statements.stage_name, 'Unknown') as stage_name,
        coalesce(statements.is_closed, stages.is_closed, false) as is_closed,
        coalesce(statements.is_won, stages.is_won, false) as is_won,
        coalesce(
            statements.forecast_category, stages.forecast_category, 'Pipeline'
        ) as forecast_category,
        statements.probability,
        statements.amount,
        statements.close_date,
    from statements
    inner join opportunities
        on statements.opportunity_key = opportunities.opportunity_key
    left join stages
        on statements.stage_name = stages.stage_name

),

state_changes as (

    select *
    from states
    qualify
        state_number = 1
        {%- for column in opportunity_state_columns() %}
        or {{ column }} is distinct from lag({{ column }}) over (
            partition by opportunity_key order by state_number
        )
        {%- endfor %}

),

known_states as (

    select *
    from state_changes
    qualify
        row_number() over (
            partition by opportunity_key, changed_at order by state_number desc
        ) = 1

)

select * from known_states
