{#- A mart under the name by which readers know it, in whatever database: schema and table. -#}
{% macro published(mart) -%}
    {{ ref(mart).include(database=false) }}
{%- endmacro %}
