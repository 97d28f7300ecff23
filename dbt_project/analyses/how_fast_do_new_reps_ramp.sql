-- How fast do new reps ramp: what does a rep book in each quarter since their first deal?
-- (By month of tenure and against a ramped quota where a roster is delivered: mart_rep_ramp.)
with

opportunities as (select * from {{ published('fct_opportunity') }}),

performance as (
    select * from {{ published('mart_rep_performance') }}
    where period_type = 'quarter'
),

dates as (select * from {{ published('dim_date') }}),

today as (select * from dates where is_as_of_date),

first_deals as (

    select
        owner_at_creation_key as user_key,
        min(created_date) as first_date,
    from opportunities
    group by owner_at_creation_key

),

beginnings as (select min(first_date) as first_date from first_deals),

-- Whoever was there when the history begins is not new, and a quarter that is running is not over.
new_reps as (

    select
        first_deals.user_key,
        dates.fiscal_quarter_start_date as first_quarter_start_date,
    from first_deals
    inner join dates on first_deals.first_date = dates.calendar_date
    cross join beginnings
    where first_deals.first_date >= {{ dbt.dateadd('month', 6, 'beginnings.first_date') }}

),

rep_quarters as (

    select
        {{ dbt.datediff(
            'new_reps.first_quarter_start_date', 'performance.period_start_date', 'month'
        ) }} / 3 + 1 as quarter_number,
        performance.won_count,
        performance.bookings_amount,
        performance.quota_amount,
    from new_reps
    inner join performance
        on
            new_reps.user_key = performance.user_key
            and new_reps.first_quarter_start_date <= performance.period_start_date
    inner join today on performance.period_end_date <= today.calendar_date

),

ramp as (

    select
        cast(quarter_number as bigint) as quarter_number,
        count(*) as rep_count,
        sum(won_count) as won_count,
        avg(bookings_amount) as average_bookings_amount,
        {{ safe_divide('sum(bookings_amount)', 'sum(quota_amount)') }} as attainment_rate,
    from rep_quarters
    group by quarter_number

)

select * from ramp
order by quarter_number
