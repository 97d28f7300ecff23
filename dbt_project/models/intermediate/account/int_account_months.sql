with

deals as (select * from {{ ref('int_account_opportunities') }} where is_booked and is_won),

recurring_deals as (select * from {{ ref('int_recurring_deals') }}),

months as (select * from {{ ref('int_periods') }} where period_type = 'month'),

first_months as (

    select
        account_key,
        {{ month_start('min(close_date)') }} as first_month_date,
    from deals
    group by account_key

),

bookings as (

    select
        account_key,
        {{ month_start('close_date') }} as month_start_date,
        count(*) as won_count,
        coalesce(sum(amount), 0) as bookings_amount,
    from deals
    group by account_key, {{ month_start('close_date') }}

),

-- What recurs as the month ends, or as of the as-of date.
recurring as (

    select
        recurring_deals.account_key,
        months.period_start_date as month_start_date,
        sum(recurring_deals.recurring_amount) as recurring_amount,
    from recurring_deals
    inner join months
        on
            recurring_deals.starts_date <= months.last_seen_date
            and recurring_deals.ends_date > months.last_seen_date
    group by recurring_deals.account_key, months.period_start_date

),

account_months as (

    select
        first_months.account_key,
        months.period_start_date as month_start_date,
        months.period_end_date as month_end_date,
        coalesce(bookings.won_count, 0) as won_count,
        coalesce(bookings.bookings_amount, 0) as bookings_amount,
        {{ recurring_or_nothing('recurring.recurring_amount') }} as recurring_amount,
    from first_months
    inner join months
        on first_months.first_month_date <= months.period_start_date
    left join bookings
        on
            first_months.account_key = bookings.account_key
            and months.period_start_date = bookings.month_start_date
    left join recurring
        on
            first_months.account_key = recurring.account_key
            and months.period_start_date = recurring.month_start_date

)

select * from account_months
