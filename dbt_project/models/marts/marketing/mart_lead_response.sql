{%- set target = var('lead_response_target_minutes') -%}
with

users as (select * from {{ ref('dim_user') }}),

leads as (

    select
        {{ month_start('became_lead_date') }} as month_start_date,
        owner_at_response_key as owner_key,
        response_minutes,
        response_business_minutes,
        {{ business_minutes_between('became_lead_at', as_of_end()) }} as waited_business_minutes,
    from {{ ref('fct_lead') }}
    where is_lead

),

-- Whom nobody answered yet is no failure before the target has passed.
judged_leads as (

    select
        *,
        coalesce(response_business_minutes <= {{ target }}, false) as is_within_target,
        response_minutes is not null or waited_business_minutes > {{ target }} as is_due,
    from leads

),

measured_leads as (

    select
        month_start_date,
        owner_key,
        count(*) as lead_count,
        count(response_minutes) as responded_count,
        count(case when is_due then 1 end) as due_count,
        count(case when is_within_target then 1 end) as within_target_count,
        {% for minutes in ['response_minutes', 'response_business_minutes'] %}
            percentile_cont(0.5) within group (order by {{ minutes }}) as median_{{ minutes }},
            percentile_cont(0.9) within group (order by {{ minutes }}) as p90_{{ minutes }},
        {% endfor %}
    from judged_leads
    group by month_start_date, owner_key

),

lead_response as (

    select
        measured_leads.month_start_date,
        measured_leads.owner_key,
        users.user_name as owner_name,

        measured_leads.lead_count,
        measured_leads.responded_count,
        measured_leads.due_count,
        measured_leads.within_target_count,

        measured_leads.median_response_minutes,
        measured_leads.p90_response_minutes,
        measured_leads.median_response_business_minutes,
        measured_leads.p90_response_business_minutes,
        {{ ratio('measured_leads.within_target_count', 'measured_leads.due_count') }}
            as within_target_share,
    from measured_leads
    left join users on measured_leads.owner_key = users.user_key

)

select * from lead_response
