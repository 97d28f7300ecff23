-- Who is behind quota this quarter, and where will they end at the pace they have had?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

attainment as (select * from {{ published('mart_quota_attainment_daily') }}),

reps as (
    select user_key from {{ published('mart_rep_performance') }}
    where period_type = 'quarter'
    group by user_key
),

users as (select * from {{ published('dim_user') }}),

standings as (

    select
        attainment.user_name,
        attainment.quarter_to_date_bookings_amount as bookings_amount,
        attainment.quarter_quota_amount as quota_amount,
        attainment.quarter_attainment_rate as attainment_rate,
        attainment.quarter_pace_rate as pace_rate,
        attainment.quarter_pace_amount as pace_amount,
        attainment.quarter_quota_amount - attainment.quarter_to_date_bookings_amount as gap_amount,
    from attainment
    inner join today on attainment.snapshot_date = today.calendar_date
    inner join reps on attainment.user_key = reps.user_key
    where
        attainment.quarter_quota_amount > attainment.quarter_to_date_bookings_amount
        and attainment.user_key not in (
            select users.manager_key from users
            where users.manager_key is not null
        )

)

select * from standings
order by attainment_rate asc, user_name asc
