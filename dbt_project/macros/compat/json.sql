{#- The elements of a JSON list as a list of JSON texts. -#}
{% macro json_elements(json) -%}
    {{ return(adapter.dispatch('json_elements')(json)) }}
{%- endmacro %}

{% macro default__json_elements(json) -%}
    json_extract({{ json }}, '$[*]')
{%- endmacro %}

{% macro spark__json_elements(json) -%}
    from_json({{ json }}, 'array<string>')
{%- endmacro %}

{#- The keys of a JSON object as a list. -#}
{% macro json_object_keys(json) -%}
    {{ return(adapter.dispatch('json_object_keys')(json)) }}
{%- endmacro %}

{% macro default__json_object_keys(json) -%}
    json_keys({{ json }})
{%- endmacro %}

{% macro spark__json_object_keys(json) -%}
    json_object_keys({{ json }})
{%- endmacro %}

{#- The text of the key of a JSON object that a column names. -#}
{% macro json_text_of(json, key) -%}
    {{ return(adapter.dispatch('json_text_of')(json, key)) }}
{%- endmacro %}

{% macro default__json_text_of(json, key) -%}
    json_extract_string({{ json }}, '$."' || {{ key }} || '"')
{%- endmacro %}

{% macro spark__json_text_of(json, key) -%}
    get_json_object({{ json }}, concat("$['", {{ key }}, "']"))
{%- endmacro %}
