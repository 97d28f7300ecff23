-- A failure means that money was changed between the extracts and the marts. Left out are records
-- stamped after the as-of date, and those that the CRM's own history knows to be outdated.
with

newest_versions as (

    select * from {{ ref('int_opportunity_versions_ordered') }}
    where version_rank = 1

),

histories as (select * from {{ ref('int_opportunity_histories_unioned') }}),

reported as (select * from {{ ref('fct_opportunity') }}),

last_tracked as (

    select
        opportunity_key,
        max(changed_at) as changed_at,
    from histories
    group by opportunity_key

)

select
    reported.opportunity_key,
    newest_versions.amount,
    reported.amount_original,
from reported
inner join newest_versions
    on reported.opportunity_key = newest_versions.opportunity_key
left join last_tracked
    on reported.opportunity_key = last_tracked.opportunity_key
where
    newest_versions.effective_at < {{ as_of_end() }}
    and (
        last_tracked.changed_at is null
        or last_tracked.changed_at <= newest_versions.effective_at
    )
    and newest_versions.amount is distinct from reported.amount_original
