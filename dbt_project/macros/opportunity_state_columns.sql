{#- What the CRM's own history keeps of an opportunity, and what follows from its stage. -#}
{% macro opportunity_state_columns() -%}
    {{ return([
        'stage_key', 'stage_name', 'is_closed', 'is_won', 'forecast_category', 'probability',
        'amount', 'close_date',
    ]) }}
{%- endmacro %}
