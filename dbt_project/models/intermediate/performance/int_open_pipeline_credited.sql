with

movements as (select * from {{ ref('int_opportunity_period_movements') }}),

credit_paths as (select * from {{ ref('int_credit_paths') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

-- At the opening by the owner of the day before, at the closing by the owner of the last day.
owner_pipeline as (

    select
        period_type,
        period_start_date,
        opening_owner_key as owner_key,
        true as is_opening,
        count(*) as opening_count,
        sum(start_amount) as opening_amount,
        0 as start_count,
        0 as slipped_count,
        0 as open_count,
        0 as open_amount,
    from movements
    where entry = 'start'
    group by period_type, period_start_date, opening_owner_key

    union all

    select
        period_type,
        period_start_date,
        owner_key,
        false as is_opening,
        0 as opening_count,
        0 as opening_amount,
        count(case when entry = 'start' then 1 end) as start_count,
        count(case when exit = 'pushed_out' then 1 end) as slipped_count,
        count(case when exit = 'end' then 1 end) as open_count,
        sum(end_amount) as open_amount,
    from movements
    group by period_type, period_start_date, owner_key

),

dated_pipeline as (

    select
        owner_pipeline.*,
        case
            when owner_pipeline.is_opening then periods.opening_at else periods.closing_at
        end as tree_at,
    from owner_pipeline
    inner join periods
        on
            owner_pipeline.period_type = periods.period_type
            and owner_pipeline.period_start_date = periods.period_start_date

),

credited_pipeline as (

    select
        credit_paths.credit_scope,
        dated_pipeline.period_type,
        dated_pipeline.period_start_date,
        credit_paths.node_key as user_key,

        sum(dated_pipeline.opening_count) as opening_count,
        sum(dated_pipeline.opening_amount) as opening_amount,
        sum(dated_pipeline.start_count) as start_count,
        sum(dated_pipeline.slipped_count) as slipped_count,
        sum(dated_pipeline.open_count) as open_count,
        sum(dated_pipeline.open_amount) as open_amount,
    from dated_pipeline
    inner join credit_paths
        on
            dated_pipeline.owner_key = credit_paths.user_key
            and {{ held_before('credit_paths', 'dated_pipeline.tree_at') }}
    group by
        credit_paths.credit_scope,
        dated_pipeline.period_type,
        dated_pipeline.period_start_date,
        credit_paths.node_key

)

select * from credited_pipeline
