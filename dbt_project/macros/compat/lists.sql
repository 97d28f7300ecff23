{#- One row per element of a list, as a selected column. -#}
{% macro each_of(list) -%}
    {{ return(adapter.dispatch('each_of')(list)) }}
{%- endmacro %}

{% macro default__each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_of(list) -%}
    explode({{ list }})
{%- endmacro %}

{#- The parts of a text between semicolons, as a list. -#}
{% macro split_at_semicolons(text) -%}
    {{ return(adapter.dispatch('split_at_semicolons')(text)) }}
{%- endmacro %}

{% macro default__split_at_semicolons(text) -%}
    string_split({{ text }}, ';')
{%- endmacro %}

{% macro spark__split_at_semicolons(text) -%}
    split({{ text }}, ';')
{%- endmacro %}

{#- The ids of the records of one kind in HubSpot's JSON of associations, as a list. -#}
{% macro ids_associated(associations, kind) -%}
    {{ return(adapter.dispatch('ids_associated')(associations, kind)) }}
{%- endmacro %}

{% macro default__ids_associated(associations, kind) -%}
    json_extract_string({{ associations }}, '$.{{ kind }}.results[*].id')
{%- endmacro %}

{% macro spark__ids_associated(associations, kind) -%}
    transform(
        from_json(
            {{ associations }},
            'struct<{{ kind }}:struct<results:array<struct<id:string>>>>'
        ).{{ kind }}.results,
        result -> result.id
    )
{%- endmacro %}

{#- The first element of a list; NULL where there is none. -#}
{% macro first_of(list) -%}
    {{ return(adapter.dispatch('first_of')(list)) }}
{%- endmacro %}

{% macro default__first_of(list) -%}
    list_extract({{ list }}, 1)
{%- endmacro %}

{% macro spark__first_of(list) -%}
    get({{ list }}, 0)
{%- endmacro %}
