{#- The ways into the pipeline of a window, those out of it, and all parts in the order they are read. -#}
{% macro waterfall_entries() -%}
    {{ return(['start', 'created', 'pulled_in', 'reopened', 'moved_in']) }}
{%- endmacro %}

{% macro waterfall_exits() -%}
    {{ return(['won', 'lost', 'pushed_out', 'removed', 'end']) }}
{%- endmacro %}

{% macro waterfall_parts() -%}
    {{ return(waterfall_entries() + ['increased', 'decreased'] + waterfall_exits()) }}
{%- endmacro %}
