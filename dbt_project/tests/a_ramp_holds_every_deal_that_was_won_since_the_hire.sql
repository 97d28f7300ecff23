-- A row here is a cohort whose bookings are not those of its people since they were hired.
with

ramp as (select * from {{ ref('mart_rep_ramp') }}),

users as (select * from {{ ref('dim_user') }}),

opportunities as (select * from {{ ref('fct_opportunity') }} where is_won),

cohort_deals as (

    select
        {{ month_start('users.hire_date') }} as cohort_month_start_date,
        sum(coalesce(opportunities.amount, 0)) as bookings_amount,
    from opportunities
    inner join users on opportunities.owner_at_close_key = users.user_key
    where
        opportunities.close_date >= users.hire_date
        and opportunities.close_date <= {{ as_of_date() }}
    group by {{ month_start('users.hire_date') }}

),

cohort_ramps as (

    select
        cohort_month_start_date,
        sum(bookings_amount) as bookings_amount,
    from ramp
    group by cohort_month_start_date

)

select
    cohort_deals.cohort_month_start_date,
    cohort_deals.bookings_amount,
    cohort_ramps.bookings_amount as ramp_amount,
from cohort_deals
left join cohort_ramps
    on cohort_deals.cohort_month_start_date = cohort_ramps.cohort_month_start_date
where cohort_deals.bookings_amount is distinct from cohort_ramps.bookings_amount
