-- Why do we lose: which reasons cost most this fiscal year, and what share of all that was lost?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

outcomes as (
    select * from {{ published('mart_win_loss') }}
    where period_type = 'year' and segment_type = 'all' and lost_count > 0
),

reasons as (

    select
        coalesce(outcomes.reason, 'none given') as reason,
        outcomes.lost_count,
        outcomes.lost_amount,
        outcomes.lost_share_amount,
    from outcomes
    inner join today on outcomes.period_start_date = today.fiscal_year_start_date

)

select * from reasons
order by lost_amount desc
