with

nodes as (select * from {{ ref('int_performance_nodes') }}),

periods as (select * from {{ ref('int_periods') }}),

employees as (select * from {{ ref('int_employees_identified') }} where is_newest_of_user),

{% for measures in performance_measures() %}
    {{ measures }} as (select * from {{ ref('int_' ~ measures ~ '_credited') }}),
{% endfor %}

performance as (

    select
        nodes.credit_scope,
        nodes.period_type,
        nodes.period_start_date,
        periods.period_end_date,
        nodes.user_key,

        coalesce(closed_deals.bookings_amount, 0) as bookings_amount,
        coalesce(closed_deals.lost_amount, 0) as lost_amount,
        coalesce(closed_deals.won_count, 0) as won_count,
        coalesce(closed_deals.lost_count, 0) as lost_count,
        closed_deals.sales_cycle_days_average,
        closed_deals.sales_cycle_days_median,

        quotas.quota_amount,
        quotas.ramped_quota_amount,
        case
            when periods.period_end_date >= employees.hire_date
                then {{ whole_months_between('employees.hire_date', 'periods.period_end_date') }}
        end as tenure_months,

        coalesce(generated_pipeline.pipeline_generated_count, 0) as pipeline_generated_count,
        coalesce(generated_pipeline.pipeline_generated_amount, 0) as pipeline_generated_amount,

        coalesce(open_pipeline.opening_amount, 0) as opening_pipeline_amount,
        coalesce(open_pipeline.open_amount, 0) as open_pipeline_amount,
        coalesce(open_pipeline.start_count, 0) as start_count,
        coalesce(open_pipeline.slipped_count, 0) as slipped_count,

        coalesce(activities.call_count, 0) as call_count,
        coalesce(activities.email_count, 0) as email_count,
        coalesce(activities.meeting_count, 0) as meeting_count,
        coalesce(activities.task_completed_count, 0) as task_completed_count,
    from nodes
    inner join periods
        on
            nodes.period_type = periods.period_type
            and nodes.period_start_date = periods.period_start_date
    left join employees on nodes.user_key = employees.user_key
    {% for measures in performance_measures() %}
        left join {{ measures }}
            on
                nodes.credit_scope = {{ measures }}.credit_scope
                and nodes.period_type = {{ measures }}.period_type
                and nodes.period_start_date = {{ measures }}.period_start_date
                and nodes.user_key = {{ measures }}.user_key
    {% endfor %}

)

select * from performance
