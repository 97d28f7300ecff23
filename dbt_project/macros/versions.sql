{#-
Raw tables keep versions of records. These macros say which versions were known as of the as-of
date, and which of them is the newest, so that a past date gives what was known then. Each gives a
query:

    versions as ({{ visible_versions('raw_salesforce', 'opportunity') }})

`key` names the columns that identify a record, `watermark` the column that says when it changed.
-#}

{#-
The versions extracted up to the as-of date, or in the first extract where that is later, with two
more columns: `_seen_until_date`, the last such extract that held the version, and `_deleted_date`,
the first one of which the whole record was missing (NULL where the newest still holds it).
-#}
{% macro visible_versions(source_name, table, key=['id']) -%}
    select
        version.*,
        least(version._last_extract_date, known.until_date) as _seen_until_date,
        deleted.deleted_date as _deleted_date,
    from {{ source(source_name, table) }} as version
    cross join (
        select greatest({{ as_of_date() }}, min(_first_extract_date)) as until_date
        from {{ source(source_name, table) }}
    ) as known
    left join {{ source('ops', 'deleted_record') }} as deleted
        on
            deleted.source = '{{ source_name | replace("raw_", "") }}'
            -- The ledger names objects as the vendor does, tables are in snake_case.
            and lower(replace(deleted.object, '_', '')) = '{{ table | replace("_", "") }}'
            and deleted.record_key = {% for column in key -%}
                cast(version.{{ column }} as {{ dbt.type_string() }})
                {%- if not loop.last %} || '|' || {% endif %}
            {%- endfor %}
            and deleted.deleted_date <= known.until_date
    where version._first_extract_date <= known.until_date
{%- endmacro %}

{#-
The one version of each record that was the newest as of the as-of date. Most records have one
version only: those need no sorting.
-#}
{% macro newest_version(source_name, table, key=['id'], watermark='system_modstamp') -%}
    {%- set columns = key | join(', ') -%}
    with

    repeated_keys as (

        select {{ columns }}
        from {{ source(source_name, table) }}
        group by {{ columns }}
        having count(*) > 1

    )

    select *
    from ({{ visible_versions(source_name, table, key) }}) as visible
    where ({{ columns }}) not in (select {{ columns }} from repeated_keys)

    union all

    select *
    from ({{ visible_versions(source_name, table, key) }}) as visible
    where ({{ columns }}) in (select {{ columns }} from repeated_keys)
    qualify
        row_number() over (
            partition by {{ columns }} order by {{ newest_first(watermark) }}
        ) = 1
{%- endmacro %}

{#- A record's visible versions, the newest first: the same order however they were loaded. -#}
{% macro newest_first(watermark='system_modstamp') -%}
    _seen_until_date desc,
    {{ watermark }} desc nulls last,
    _first_extract_date desc,
    _row_hash desc
{%- endmacro %}
