{#-
The custom fields of an object that the company names in `custom_fields`, each as a selected column
of its type: `ARR__c` is `arr__c`. Raw tables keep them in `_extra`, by the names in the extract,
which tools write in small letters. What is no value of the type is NULL.
-#}
{% macro custom_fields(source_name, object) -%}
    {%- for name, type in var('custom_fields').get(source_name, {}).get(object, {}).items() %}
        try_cast(
            coalesce(
                {{ json_text('_extra', name) }},
                {{ json_text('_extra', name | lower) }}
            ) as {{ type }}
        ) as {{ name | lower }},
    {%- endfor %}
{%- endmacro %}
