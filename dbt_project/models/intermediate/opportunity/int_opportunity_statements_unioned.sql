with

opportunities as (

    select * from {{ ref('int_opportunities_fingerprinted') }}
    where is_changed and not is_gone

),

versions as (select * from {{ ref('int_opportunity_versions_ordered') }}),

histories as (select * from {{ ref('int_opportunity_histories_unioned') }}),

-- Where both speak of one moment the record comes second, so that its word holds from there on.
statements as (

    select
        'tracked' as history_source,
        1 as source_order,
        opportunity_history_id,
        cast(null as bigint) as version_number,
        opportunity_key,
        changed_at as stated_at,
        stage_key,
        stage_name,
        forecast_category,
        probability,
        amount,
        close_date,
        null as is_closed,
        null as is_won,
    from histories

    union all

    select
        'observed' as history_source,
        2 as source_order,
        null as opportunity_history_id,
        version_number,
        opportunity_key,
        effective_at as stated_at,
        stage_key,
        stage_name,
        forecast_category,
        probability,
        amount,
        close_date,
        is_closed,
        is_won,
    from versions

),

opportunity_statements as (

    select
        statements.*,
        opportunities.source_system,
        -- Clocks of one CRM differ by a second or so: nothing happens before creation.
        greatest(statements.stated_at, opportunities.created_at) as changed_at,
        row_number() over (
            partition by statements.opportunity_key
            order by
                statements.stated_at,
                statements.source_order,
                statements.opportunity_history_id,
                statements.version_number
        ) as statement_number,
    from statements
    inner join opportunities
        on statements.opportunity_key = opportunities.opportunity_key

)

select * from opportunity_statements
