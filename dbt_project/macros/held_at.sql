{#- Whether a version, `valid_from` to `valid_to`, held at a moment; a change at that very moment counts. -#}
{% macro held_at(version, moment) -%}
    {{ moment }} >= {{ version }}.valid_from
    and ({{ moment }} < {{ version }}.valid_to or {{ version }}.valid_to is null)
{%- endmacro %}

{#- Whether a version held just before a moment, as when a day ends: a change at that moment comes too late. -#}
{% macro held_before(version, moment) -%}
    {{ moment }} > {{ version }}.valid_from
    and ({{ moment }} <= {{ version }}.valid_to or {{ version }}.valid_to is null)
{%- endmacro %}
