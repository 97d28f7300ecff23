{%- set kept_columns = [
    'pipeline_text', 'stage_text', 'forecast_category', 'amount', 'close_date',
] -%}
with

all_statements as (select * from {{ ref('stg_hubspot__deal_statements') }}),

-- A deal of which no change of stage is known has no history of its state.
tracked_deals as (

    select distinct opportunity_key
    from all_statements
    where source_order = 1 and states_stage_text

),

numbered_statements as (

    select
        all_statements.*,
        {% for column in kept_columns %}
            count(case when all_statements.states_{{ column }} then 1 end) over (
                partition by all_statements.opportunity_key
                order by
                    all_statements.changed_at,
                    all_statements.source_order,
                    all_statements.version_order
                rows between unbounded preceding and current row
            ) as {{ column }}_number,
        {% endfor %}
    from all_statements
    inner join tracked_deals
        on all_statements.opportunity_key = tracked_deals.opportunity_key

),

-- What a statement is silent about is as it was said last, or else as it will be said first.
first_values as (

    select
        opportunity_key,
        {% for column in kept_columns %}
            max(case when {{ column }}_number = 1 then {{ column }} end) as {{ column }},
        {% endfor %}
    from numbered_statements
    group by opportunity_key

),

deal_states as (

    select
        statements.opportunity_key,
        statements.changed_at,
        statements.source_order,
        statements.version_order,
        {% for column in kept_columns %}
            case
                when statements.{{ column }}_number = 0 then first_values.{{ column }}
                else
                    max(statements.{{ column }}) over (
                        partition by statements.opportunity_key, statements.{{ column }}_number
                    )
            end as {{ column }},
        {% endfor %}
        statements.probability,
        statements.states_probability,
    from numbered_statements as statements
    inner join first_values
        on statements.opportunity_key = first_values.opportunity_key

)

select * from deal_states
