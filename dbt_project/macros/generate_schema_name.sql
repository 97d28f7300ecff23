{#- Schemas are named for the layer (staging, intermediate, marts), without a prefix per target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
