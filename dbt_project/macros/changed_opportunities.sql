{#-
Models whose rows belong to one opportunity each, or to one opportunity and one period, see
replacing.sql. What such a model is built of is narrowed by these conditions.
-#}

{#- Whether a row is of an opportunity whose rows are built anew. -#}
{% macro opportunity_is_changed() -%}
    {#- Only asked for where rows are kept; named in any case, so that dbt knows the order. -#}
    {%- set judge = ref('int_opportunities_fingerprinted') if keeps_rows() or not execute -%}
    {%- if keeps_rows() -%}
        opportunity_key in (select opportunity_key from {{ judge }} where is_changed)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#-
Whether a row is of a period that is built anew: one that began, went on or came back since the last
build. A period that has ended stays as it is when the as-of date moves on.
-#}
{% macro period_is_new() -%}
    {%- if keeps_rows() -%}
        (period_type, period_start_date, last_seen_date) not in (
            select period_type, period_start_date, last_seen_date from {{ this }}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Before a model by opportunity: the rows of what changed give way. -#}
{% macro changed_opportunities_give_way() -%}
    {%- if keeps_rows() -%}
        delete from {{ this }} where {{ opportunity_is_changed() }}
    {%- endif -%}
{%- endmacro %}

{#- Before a model by opportunity and period: the rows of what changed, or of other days, give way. -#}
{% macro changed_periods_give_way() -%}
    {%- set periods = ref('int_periods') if keeps_rows() or not execute -%}
    {%- if keeps_rows() -%}
        delete from {{ this }}
        where
            {{ opportunity_is_changed() }}
            or (period_type, period_start_date, last_seen_date) not in (
                select period_type, period_start_date, last_seen_date from {{ periods }}
            )
    {%- endif -%}
{%- endmacro %}
