{#- The stage in which an opportunity stands of which nobody says in which. -#}
{% macro unknown_stage_key(source_system) -%}
    {{ source_system }} || ':Unknown'
{%- endmacro %}
