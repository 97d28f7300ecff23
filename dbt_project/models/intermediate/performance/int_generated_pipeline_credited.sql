with

opportunities as (select * from {{ ref('int_opportunity_outcomes') }}),

credit_paths as (select * from {{ ref('int_credit_paths') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

credited_pipeline as (

    select
        credit_paths.credit_scope,
        periods.period_type,
        periods.period_start_date,
        credit_paths.node_key as user_key,

        count(*) as pipeline_generated_count,
        coalesce(sum(opportunities.created_amount), 0) as pipeline_generated_amount,
    from opportunities
    inner join periods
        on opportunities.created_date between periods.period_start_date and periods.last_seen_date
    inner join credit_paths
        on
            opportunities.owner_at_creation_key = credit_paths.user_key
            and {{ held_at('credit_paths', 'opportunities.created_at') }}
    group by
        credit_paths.credit_scope,
        periods.period_type,
        periods.period_start_date,
        credit_paths.node_key

)

select * from credited_pipeline
