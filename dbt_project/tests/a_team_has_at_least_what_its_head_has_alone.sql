-- A row here is a rep whose own deals are missing from the node of the same user.
with

reps as (select * from {{ ref('mart_rep_performance') }}),

nodes as (select * from {{ ref('mart_team_performance') }})

select
    reps.period_type,
    reps.period_start_date,
    reps.user_key,
from reps
left join nodes
    on
        reps.period_type = nodes.period_type
        and reps.period_start_date = nodes.period_start_date
        and reps.user_key = nodes.user_key
where
    nodes.user_key is null
    or nodes.won_count < reps.won_count
    or nodes.lost_count < reps.lost_count
    or nodes.task_completed_count < reps.task_completed_count
