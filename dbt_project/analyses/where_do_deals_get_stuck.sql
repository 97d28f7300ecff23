-- Where do deals get stuck: in which stage does most money wait for longer than won deals ever did?
with

stages as (select * from {{ published('mart_stage_ageing') }}),

bottlenecks as (

    select
        stage_name,
        open_count,
        open_amount,
        open_days_median,
        won_days_p75,
        stuck_count,
        stuck_amount,
        stuck_rate,
    from stages
    where open_count > 0

)

select * from bottlenecks
order by stuck_amount desc
