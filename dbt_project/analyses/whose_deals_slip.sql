-- Whose deals slip: what share of the pipeline that a quarter began with was pushed into a
-- later one?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

performance as (
    select * from {{ published('mart_rep_performance') }}
    where period_type = 'quarter'
),

slips as (

    select
        performance.user_name,
        count(*) as quarter_count,
        sum(performance.slipped_count) as slipped_count,
        avg(performance.slip_rate) as average_slip_rate,
    from performance
    inner join today
        on performance.period_start_date > {{ dbt.dateadd('year', -1, 'today.calendar_date') }}
    group by performance.user_key, performance.user_name
    having sum(performance.slipped_count) > 0

)

select * from slips
order by average_slip_rate desc, user_name asc
