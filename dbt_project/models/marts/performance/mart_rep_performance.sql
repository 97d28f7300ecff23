with

performance as (select * from {{ ref('int_performance_measured') }} where credit_scope = 'own'),

users as (select * from {{ ref('dim_user') }}),

figures as (

    select
        period_type,
        period_start_date,
        period_end_date,
        user_key,

        {{ performance_figures() }},

        cast(tenure_months as integer) as tenure_months,
        cast(ramped_quota_amount as decimal(38, 2)) as ramped_quota_amount,
        {{ ratio('bookings_amount', 'ramped_quota_amount') }} as ramped_attainment_rate,
    from performance

),

rep_performance as (

    select
        figures.period_type,
        figures.period_start_date,
        figures.period_end_date,
        figures.user_key,
        users.user_name,
        figures.* except (
            period_type,
            period_start_date,
            period_end_date,
            user_key,
            tenure_months,
            ramped_quota_amount,
            ramped_attainment_rate
        ),

        {{ performance_ranks() }},

        figures.tenure_months,
        figures.ramped_quota_amount,
        figures.ramped_attainment_rate,
    from figures
    left join users on figures.user_key = users.user_key

)

select * from rep_performance
