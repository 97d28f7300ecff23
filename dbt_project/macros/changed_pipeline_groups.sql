{#-
The daily pipeline is built by group, of the opportunities that stood in one stage, with one owner,
forecast category and fiscal quarter of the close date, see replacing.sql.
-#}
{% macro pipeline_group_columns() -%}
    {{ return([
        'owner_key', 'stage_key', 'stage_name', 'forecast_category',
        'close_fiscal_quarter_start_date',
    ]) }}
{%- endmacro %}

{#- Whether a row is of a group whose days are all built anew. -#}
{% macro pipeline_group_is_changed() -%}
    {%- set judge = ref('int_pipeline_groups_fingerprinted') if keeps_rows() or not execute -%}
    {%- if keeps_rows() -%}
        {{ hash_of(pipeline_group_columns()) }} in (
            select pipeline_group from {{ judge }} where is_changed
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Before the model: the days of groups that changed give way, and those outside the calendar. -#}
{% macro changed_pipeline_groups_give_way() -%}
    {%- set dates = ref('dim_date') if keeps_rows() or not execute -%}
    {%- if keeps_rows() -%}
        delete from {{ this }}
        where
            {{ pipeline_group_is_changed() }}
            or snapshot_date > {{ as_of_date() }}
            or snapshot_date < (select min(calendar_date) from {{ dates }})
    {%- endif -%}
{%- endmacro %}

{#- Query of the days that the model keeps of groups that have not changed: a first and a last one. -#}
{% macro kept_pipeline_days() -%}
    {%- set none_yet = "date '9999-12-31'" -%}
    {%- if keeps_rows() -%}
        select
            coalesce(min(snapshot_date), {{ none_yet }}) as first_date,
            coalesce(max(snapshot_date), {{ none_yet }}) as last_date,
        from {{ this }}
    {%- else -%}
        select
            {{ none_yet }} as first_date,
            {{ none_yet }} as last_date
    {%- endif -%}
{%- endmacro %}
