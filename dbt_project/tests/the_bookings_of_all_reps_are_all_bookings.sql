-- A row here is a period whose reps together have other bookings or losses than all opportunities.
with

opportunities as (select * from {{ ref('fct_opportunity') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

reps as (select * from {{ ref('mart_rep_performance') }}),

all_deals as (

    select
        periods.period_type,
        periods.period_start_date,
        coalesce(
            sum(case when opportunities.is_won then opportunities.amount end), 0
        ) as bookings_amount,
        count(*) as closed_count,
    from opportunities
    inner join periods
        on opportunities.close_date between periods.period_start_date and periods.last_seen_date
    where opportunities.is_closed and opportunities.owner_at_close_key is not null
    group by periods.period_type, periods.period_start_date

),

all_reps as (

    select
        period_type,
        period_start_date,
        sum(bookings_amount) as bookings_amount,
        sum(won_count + lost_count) as closed_count,
    from reps
    group by period_type, period_start_date

)

select
    coalesce(all_deals.period_type, all_reps.period_type) as period_type,
    coalesce(all_deals.period_start_date, all_reps.period_start_date) as period_start_date,
    all_deals.bookings_amount as deals_amount,
    all_reps.bookings_amount as reps_amount,
from all_deals
full outer join all_reps
    on
        all_deals.period_type = all_reps.period_type
        and all_deals.period_start_date = all_reps.period_start_date
where
    coalesce(all_deals.bookings_amount, 0) != coalesce(all_reps.bookings_amount, 0)
    or coalesce(all_deals.closed_count, 0) != coalesce(all_reps.closed_count, 0)
