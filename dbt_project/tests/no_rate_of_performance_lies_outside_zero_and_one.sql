-- A row here is a rep or node with a share of something that is below 0 or above 1.
with

reps as (select * from {{ ref('mart_rep_performance') }}),

nodes as (select * from {{ ref('mart_team_performance') }}),

rates as (

    select
        period_type,
        period_start_date,
        user_key,
        win_rate,
        slip_rate
    from reps

    union all

    select
        period_type,
        period_start_date,
        user_key,
        win_rate,
        slip_rate
    from nodes

)

select *
from rates
where win_rate not between 0 and 1 or slip_rate not between 0 and 1
