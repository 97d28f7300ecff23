-- What is the win rate by industry, by count and by amount, in this fiscal year?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

outcomes as (
    select * from {{ published('mart_win_loss') }}
    where period_type = 'year' and segment_type = 'industry'
),

industries as (

    select
        outcomes.segment as industry,
        sum(outcomes.won_count) as won_count,
        sum(outcomes.lost_count) as lost_count,
        max(outcomes.segment_win_rate) as win_rate,
        max(outcomes.segment_win_rate_amount) as win_rate_amount,
    from outcomes
    inner join today on outcomes.period_start_date = today.fiscal_year_start_date
    group by outcomes.segment

)

select * from industries
order by win_rate desc nulls last, industry asc
