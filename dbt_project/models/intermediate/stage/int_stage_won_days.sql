with

visits as (select * from {{ ref('fct_opportunity_stage_visit') }}),

opportunities as (select * from {{ ref('fct_opportunity') }}),

stage_won_days as (

    select
        opportunities.source_system,
        visits.stage_name,
        count(*) as won_visit_count,
        percentile_cont(0.5) within group (
            order by cast(visits.days as double)
        ) as won_days_median,
        percentile_cont(0.75) within group (
            order by cast(visits.days as double)
        ) as won_days_p75,
    from visits
    inner join opportunities
        on visits.opportunity_key = opportunities.opportunity_key
    where opportunities.is_won and visits.exited_at is not null
    group by opportunities.source_system, visits.stage_name

)

select * from stage_won_days
