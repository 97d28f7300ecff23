{#- The UTC timestamp at which the as-of date ends: what is stamped before it is known. -#}
{% macro as_of_end() -%}
    {{ business_date_start(date_plus(as_of_date(), 1)) }}
{%- endmacro %}
