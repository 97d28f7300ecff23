{#- A recurring amount; where there is none it is 0, or NULL when the company does not say what recurs. -#}
{% macro recurring_or_nothing(recurring_amount) -%}
    {%- set is_said = var('recurring_opportunity_types') or var('recurring_product_families') -%}
    coalesce({{ recurring_amount }}, {{ 0 if is_said else 'null' }})
{%- endmacro %}
