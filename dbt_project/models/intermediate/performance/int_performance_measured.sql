with

nodes as (select * from {{ ref('int_performance_nodes') }}),

deals as (select * from {{ ref('int_closed_deals_credited') }}),

generated as (select * from {{ ref('int_generated_pipeline_credited') }}),

pipeline as (select * from {{ ref('int_open_pipeline_credited') }}),

activities as (select * from {{ ref('int_activities_credited') }}),

quotas as (select * from {{ ref('int_quotas_credited') }}),

performance as (

    select
        nodes.scope,
        nodes.period_type,
        nodes.period_start_date,
        nodes.period_end_date,
        nodes.user_key,

        coalesce(deals.bookings_amount, 0) as bookings_amount,
        coalesce(deals.lost_amount, 0) as lost_amount,
        coalesce(deals.won_count, 0) as won_count,
        coalesce(deals.lost_count, 0) as lost_count,
        deals.sales_cycle_days_average,
        deals.sales_cycle_days_median,

        quotas.quota_amount,

        coalesce(generated.pipeline_generated_count, 0) as pipeline_generated_count,
        coalesce(generated.pipeline_generated_amount, 0) as pipeline_generated_amount,

        coalesce(pipeline.opening_amount, 0) as opening_pipeline_amount,
        coalesce(pipeline.open_amount, 0) as open_pipeline_amount,
        coalesce(pipeline.start_count, 0) as start_count,
        coalesce(pipeline.slipped_count, 0) as slipped_count,

        coalesce(activities.call_count, 0) as call_count,
        coalesce(activities.email_count, 0) as email_count,
        coalesce(activities.meeting_count, 0) as meeting_count,
        coalesce(activities.task_completed_count, 0) as task_completed_count,
    from nodes
    {%- for measures in ['deals', 'quotas', 'generated', 'pipeline', 'activities'] %}
    left join {{ measures }}
        on
            nodes.scope = {{ measures }}.scope
            and nodes.period_type = {{ measures }}.period_type
            and nodes.period_start_date = {{ measures }}.period_start_date
            and nodes.user_key = {{ measures }}.user_key
    {%- endfor %}

)

select * from performance
