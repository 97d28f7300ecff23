{#- Texts of a company's choice as the inside of an SQL list, in lower case; ('') when there are none. -#}
{% macro lower_text_list(texts) -%}
    {%- for text in texts -%}
        '{{ text | trim | lower | replace("'", "''") }}'{{ ', ' if not loop.last }}
    {%- else -%}
        ''
    {%- endfor -%}
{%- endmacro %}
