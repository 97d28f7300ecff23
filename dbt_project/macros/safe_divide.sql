{#- A ratio that is NULL where there is nothing below, never 0 and never an error. -#}
{% macro safe_divide(numerator, denominator) -%}
    ({{ numerator }}) / nullif({{ denominator }}, 0)
{%- endmacro %}
