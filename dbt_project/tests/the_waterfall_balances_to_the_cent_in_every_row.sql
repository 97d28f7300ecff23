-- A row here is an owner's period whose pipeline at the end is not what came in less what went out.
with

waterfall as (select * from {{ ref('mart_pipeline_waterfall') }})

select
    period_type,
    period_start_date,
    owner_key,
    start_amount + created_amount + pulled_in_amount + reopened_amount + moved_in_amount
    + increased_amount - decreased_amount
    - won_amount - lost_amount - pushed_out_amount - removed_amount
    - end_amount as unexplained_amount,
    start_count + created_count + pulled_in_count + reopened_count + moved_in_count
    - won_count - lost_count - pushed_out_count - removed_count
    - end_count as unexplained_count,
from waterfall
where
    start_amount + created_amount + pulled_in_amount + reopened_amount + moved_in_amount
    + increased_amount - decreased_amount
    - won_amount - lost_amount - pushed_out_amount - removed_amount != end_amount
    or start_count + created_count + pulled_in_count + reopened_count + moved_in_count
    - won_count - lost_count - pushed_out_count - removed_count != end_count
