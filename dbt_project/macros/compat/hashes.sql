{#-
A number that stands for all columns of a row, NULLs included, for adding up: the sum over rows is the
same in any order of them. It is hashed once more because the hash of a row only joins those of its
columns: values that two rows exchange would cancel out.
-#}
{% macro row_hash(relation) -%}
    {{ return(adapter.dispatch('row_hash')(relation)) }}
{%- endmacro %}

{% macro default__row_hash(relation) -%}
    cast(hash(hash({{ relation }})) as decimal(38, 0))
{%- endmacro %}

{% macro spark__row_hash(relation) -%}
    cast(
        xxhash64(to_json(struct({{ relation }}.*), map('ignoreNullFields', 'false')))
        as decimal(38, 0)
    )
{%- endmacro %}

{#- A number that stands for the values of some columns; equal values have equal ones. -#}
{% macro hash_of(columns) -%}
    {{ return(adapter.dispatch('hash_of')(columns)) }}
{%- endmacro %}

{% macro default__hash_of(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__hash_of(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
