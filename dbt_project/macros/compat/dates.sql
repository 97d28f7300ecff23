{#- A query of each `calendar_date` from the first to the last one that the relation's row names. -#}
{% macro dates_between(relation, first_date, last_date) -%}
    {{ return(adapter.dispatch('dates_between')(relation, first_date, last_date)) }}
{%- endmacro %}

{% macro default__dates_between(relation, first_date, last_date) -%}
    select
        cast(
            unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day)) as date
        ) as calendar_date,
    from {{ relation }}
{%- endmacro %}

{% macro spark__dates_between(relation, first_date, last_date) -%}
    select explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day)) as calendar_date
    from {{ relation }}
{%- endmacro %}
