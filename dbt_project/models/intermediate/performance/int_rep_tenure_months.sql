with recursive

employees as (select * from {{ ref('int_employees_identified') }} where is_newest_of_user),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }} where is_won),

quota_months as (select * from {{ ref('int_quota_months_ramped') }}),

hires as (

    select
        user_key,
        hire_date,
        left_date,
        {{ whole_months_between('hire_date', as_of_date()) }} as last_tenure_month,
    from employees
    where is_crm_user and hire_date <= {{ as_of_date() }}

),

tenure_months as (

    select
        user_key,
        hire_date,
        left_date,
        last_tenure_month,
        0 as tenure_month,
    from hires

    union all

    select
        user_key,
        hire_date,
        left_date,
        last_tenure_month,
        tenure_month + 1 as tenure_month,
    from tenure_months
    where tenure_month < last_tenure_month

),

-- A close date still to come is not booked yet.
deals as (

    select
        hires.user_key,
        {{ whole_months_between('hires.hire_date', 'outcomes.close_date') }} as tenure_month,
        count(*) as won_count,
        coalesce(sum(outcomes.amount), 0) as bookings_amount,
    from outcomes
    inner join hires on outcomes.owner_at_close_key = hires.user_key
    where
        outcomes.close_date >= hires.hire_date
        and outcomes.close_date <= {{ as_of_date() }}
    group by
        hires.user_key,
        {{ whole_months_between('hires.hire_date', 'outcomes.close_date') }}

),

rep_months as (

    select
        tenure_months.user_key,
        {{ month_start('tenure_months.hire_date') }} as cohort_month_start_date,
        tenure_months.tenure_month,

        coalesce(deals.won_count, 0) as won_count,
        coalesce(deals.bookings_amount, 0) as bookings_amount,
        quota_months.quota_amount,
        quota_months.ramped_quota_amount,
        quota_months.ramp_rate,

        coalesce(
            {{ date_plus('tenure_months.hire_date', 'tenure_months.tenure_month', 'month') }}
            <= tenure_months.left_date,
            true
        ) as is_employed,
        tenure_months.tenure_month < tenure_months.last_tenure_month as is_over,
        coalesce(
            deals.tenure_month = min(deals.tenure_month) over (partition by tenure_months.user_key),
            false
        ) as is_first_win,
    from tenure_months
    left join deals
        on
            tenure_months.user_key = deals.user_key
            and tenure_months.tenure_month = deals.tenure_month
    left join quota_months
        on
            tenure_months.user_key = quota_months.owner_key
            and tenure_months.tenure_month = quota_months.tenure_months
            and quota_months.month_start_date <= {{ as_of_date() }}

)

select * from rep_months
