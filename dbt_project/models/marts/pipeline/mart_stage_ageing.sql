with

stages as (select * from {{ ref('dim_stage') }}),

opportunities as (select * from {{ ref('fct_opportunity') }}),

won_days as (select * from {{ ref('int_stage_won_days') }}),

open_opportunities as (

    select
        opportunities.stage_key,
        coalesce(opportunities.amount, 0) as amount,
        opportunities.days_in_stage,
        opportunities.days_in_stage > won_days.won_days_p75 as is_stuck,
    from opportunities
    left join won_days
        on opportunities.stage_key = won_days.stage_key
    where not opportunities.is_closed and opportunities.forecast_category != 'Omitted'

),

open_days as (

    select
        stage_key,
        count(*) as open_count,
        sum(amount) as open_amount,
        percentile_cont(0.5) within group (order by cast(days_in_stage as double)) as days_median,
        percentile_cont(0.75) within group (order by cast(days_in_stage as double)) as days_p75,
        count(case when is_stuck then 1 end) as stuck_count,
        sum(case when is_stuck then amount else 0 end) as stuck_amount,
    from open_opportunities
    group by stage_key

),

stage_ageing as (

    select
        stages.stage_key,
        stages.source_system,
        stages.pipeline_name,
        stages.stage_name,
        stages.stage_order,

        coalesce(open_days.open_count, 0) as open_count,
        cast(coalesce(open_days.open_amount, 0) as decimal(38, 2)) as open_amount,
        open_days.days_median as open_days_median,
        open_days.days_p75 as open_days_p75,

        coalesce(won_days.won_visit_count, 0) as won_visit_count,
        won_days.won_days_median,
        won_days.won_days_p75,

        case
            when won_days.won_days_p75 is not null then coalesce(open_days.stuck_count, 0)
        end as stuck_count,
        case
            when won_days.won_days_p75 is not null
                then cast(coalesce(open_days.stuck_amount, 0) as decimal(38, 2))
        end as stuck_amount,
        case
            when won_days.won_days_p75 is not null
                then {{ ratio('open_days.stuck_count', 'open_days.open_count') }}
        end as stuck_rate,
    from stages
    left join open_days
        on stages.stage_key = open_days.stage_key
    left join won_days
        on stages.stage_key = won_days.stage_key
    -- A record may be open in a stage that the CRM lists as closed.
    where not stages.is_closed or open_days.open_count > 0

)

select * from stage_ageing
