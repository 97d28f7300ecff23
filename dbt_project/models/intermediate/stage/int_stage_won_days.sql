with

entries as (select * from {{ ref('int_stage_entries_ordered') }}),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

won_visits as (

    select
        entries.stage_key,
        cast({{
            dbt.datediff(
                to_business_date('entries.entered_at'), to_business_date('entries.exited_at'), 'day'
            )
        }} as double) as days,
    from entries
    inner join outcomes
        on entries.opportunity_key = outcomes.opportunity_key
    where outcomes.is_won and entries.exited_at is not null

),

stage_won_days as (

    select
        stage_key,
        count(*) as won_visit_count,
        percentile_cont(0.5) within group (order by days) as won_days_median,
        percentile_cont(0.75) within group (order by days) as won_days_p75,
    from won_visits
    group by stage_key

)

select * from stage_won_days
