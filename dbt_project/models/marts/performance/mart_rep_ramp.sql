with

rep_months as (select * from {{ ref('int_rep_tenure_months') }}),

cohort_figures as (

    select
        cohort_month_start_date,
        tenure_month,
        count(case when is_employed then 1 end) as rep_count,
        count(case when is_employed and is_over then 1 end) as completed_rep_count,
        count(case when is_first_win then 1 end) as first_win_count,
        sum(won_count) as won_count,
        sum(bookings_amount) as bookings_amount,
        sum(quota_amount) as quota_amount,
        sum(ramped_quota_amount) as ramped_quota_amount,
        avg(cast(ramp_rate as double)) as ramp_rate_average,
    from rep_months
    group by cohort_month_start_date, tenure_month

),

rep_ramp as (

    select
        cohort_month_start_date,
        tenure_month,

        rep_count,
        completed_rep_count,
        first_win_count,
        cast(sum(first_win_count) over cohort_so_far as bigint) as first_win_count_to_date,

        cast(won_count as bigint) as won_count,
        cast(bookings_amount as decimal(38, 2)) as bookings_amount,
        cast(sum(bookings_amount) over cohort_so_far as decimal(38, 2)) as bookings_amount_to_date,
        {{ ratio('bookings_amount', 'rep_count') }} as average_bookings_amount,

        cast(quota_amount as decimal(38, 2)) as quota_amount,
        cast(ramped_quota_amount as decimal(38, 2)) as ramped_quota_amount,
        ramp_rate_average,
        {{ ratio('bookings_amount', 'quota_amount') }} as attainment_rate,
        {{ ratio('bookings_amount', 'ramped_quota_amount') }} as ramped_attainment_rate,

        completed_rep_count = rep_count as is_complete,
    from cohort_figures
    window cohort_so_far as (
        partition by cohort_month_start_date order by tenure_month
        rows between unbounded preceding and current row
    )

)

select * from rep_ramp
