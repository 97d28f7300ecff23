-- Which customers have fallen silent: no activity for three months, and nothing open?
with

accounts as (select * from {{ published('mart_account_360') }}),

silent_customers as (

    select
        account_key,
        account_name,
        owner_name,
        bookings_amount,
        last_won_date,
        last_activity_date,
    from accounts
    where is_customer and not is_deleted and activity_count_last_90_days = 0 and open_count = 0

)

select * from silent_customers
order by bookings_amount desc, account_key asc
