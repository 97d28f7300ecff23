-- A failure means that a state as of some moment is missing or counted twice.
with

history as (select * from {{ ref('int_opportunity_history') }}),

opportunities as (select * from {{ ref('int_opportunities_listed') }}),

neighbours as (

    select
        history.*,
        opportunities.created_at,
        lead(history.valid_from) over (
            partition by history.opportunity_key order by history.version_number
        ) as next_valid_from,
    from history
    left join opportunities
        on history.opportunity_key = opportunities.opportunity_key

)

select *
from neighbours
where
    valid_to is distinct from next_valid_from
    or valid_from >= valid_to
    or (version_number = 1 and valid_from is distinct from created_at)
