-- A row here is an opportunity's period whose amounts do not add up, or whose entry has no exit.
with

movements as (select * from {{ ref('int_opportunity_period_movements') }})

select
    period_type,
    period_start_date,
    opportunity_key,
from movements
where
    start_amount + created_amount + pulled_in_amount + reopened_amount + moved_in_amount
    + increased_amount - decreased_amount
    - won_amount - lost_amount - pushed_out_amount - removed_amount != end_amount
    or (entry is null) != (exit is null)
