{#- What is counted by campaign and month, and by channel and month, in the order it is read. -#}
{% macro marketing_counts() -%}
    {{ return([
        'impression_count', 'click_count', 'lead_count', 'mql_count', 'sql_count',
        'opportunity_count', 'won_count', 'new_customer_count',
    ]) }}
{%- endmacro %}

{#-
The figures that campaign and channel performance share, as columns of a select that groups
what `marketing_measures` gives. Every ratio is NULL where there is nothing to divide by.
-#}
{% macro marketing_figures() -%}
    {{ measure_sum('spend_amount', 'decimal(38, 2)') }},
        {% for count in marketing_counts() -%}
            {{ measure_sum(count, 'bigint') }},
        {% endfor -%}
        {{ measure_sum('pipeline_amount', 'decimal(38, 2)') }},
        {{ measure_sum('won_amount', 'decimal(38, 2)') }},

        {{ ratio(measure_total('spend_amount'), measure_total('lead_count')) }} as cost_per_lead,
        {{ ratio(measure_total('spend_amount'), measure_total('opportunity_count')) }}
            as cost_per_opportunity,
        {{ ratio(measure_total('spend_amount'), measure_total('new_customer_count')) }} as cac,

        {% for model in attribution_models() -%}
            {{ measure_sum('attributed_won_amount_' ~ model, 'decimal(38, 2)') }},
        {% endfor -%}
        {% for model in attribution_models() -%}
            {{
                ratio(
                    measure_total('attributed_won_amount_' ~ model), measure_total('spend_amount')
                )
            }} as roas_{{ model }},
        {% endfor -%}
{%- endmacro %}

{% macro measure_total(measure) -%}
    coalesce(sum(case when measure = '{{ measure }}' then value end), 0)
{%- endmacro %}

{% macro measure_sum(measure, type) -%}
    cast({{ measure_total(measure) }} as {{ type }}) as {{ measure }}
{%- endmacro %}
