{%- set steps = ['responded', 'mql', 'sql', 'opportunity', 'won'] -%}
with

leads as (

    select
        * except (lead_source),
        {{ month_start('became_lead_date') }} as cohort_month_start_date,
        coalesce(lead_source, 'Unattributed') as lead_source,
    from {{ ref('fct_lead') }}
    where is_lead

),

counted_leads as (

    select
        cohort_month_start_date,
        lead_source,
        count(*) as lead_count,
        {% for step in steps %}
            count({{ step }}_date) as {{ step }}_count,
        {% endfor %}
        count(case when is_converted then 1 end) as converted_count,
        {% for step in ['opportunity', 'won'] %}
            cast(
                median({{ dbt.datediff('became_lead_date', step ~ '_date', 'day') }}) as double
            ) as median_days_to_{{ step }},
        {% endfor %}
    from leads
    group by cohort_month_start_date, lead_source

),

lead_funnel as (

    select
        cohort_month_start_date,
        lead_source,

        lead_count,
        responded_count,
        mql_count,
        sql_count,
        converted_count,
        opportunity_count,
        won_count,

        {{ ratio('responded_count', 'lead_count') }} as response_rate,
        {{ ratio('mql_count', 'lead_count') }} as lead_to_mql_rate,
        {{ ratio('sql_count', 'mql_count') }} as mql_to_sql_rate,
        {{ ratio('opportunity_count', 'sql_count') }} as sql_to_opportunity_rate,
        {{ ratio('won_count', 'opportunity_count') }} as opportunity_to_won_rate,
        {{ ratio('won_count', 'lead_count') }} as lead_to_won_rate,
        median_days_to_opportunity,
        median_days_to_won,
    from counted_leads

)

select * from lead_funnel
