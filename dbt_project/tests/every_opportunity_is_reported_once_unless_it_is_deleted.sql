-- A failure means that opportunities got lost or doubled between the extracts and the marts.
with

opportunities as (select * from {{ ref('int_opportunities_listed') }}),

history as (select * from {{ ref('int_opportunity_history') }}),

reported as (select * from {{ ref('fct_opportunity') }}),

deleted_opportunities as (

    select opportunity_key
    from history
    where valid_to is null and is_deleted

),

expected_counts as (

    select
        opportunities.opportunity_key,
        case
            when deleted_opportunities.opportunity_key is not null then 0
            when opportunities.created_at >= {{ as_of_end() }} then 0
            else 1
        end as expected_count,
    from opportunities
    left join deleted_opportunities
        on opportunities.opportunity_key = deleted_opportunities.opportunity_key

),

reported_counts as (

    select
        opportunity_key,
        count(*) as reported_count,
    from reported
    group by opportunity_key

)

select
    coalesce(expected_counts.opportunity_key, reported_counts.opportunity_key) as opportunity_key,
    expected_counts.expected_count,
    reported_counts.reported_count,
from expected_counts
full join reported_counts
    on expected_counts.opportunity_key = reported_counts.opportunity_key
where coalesce(expected_counts.expected_count, 0) <> coalesce(reported_counts.reported_count, 0)
