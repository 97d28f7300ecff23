{#-
The visible versions of a record as a history: each with `valid_from` and `valid_to` (UTC, half-open;
`valid_to` is NULL while the version holds as of the as-of date). A version holds from the time the
record says it changed, or else from the first extract that held it; the oldest for ever back. Versions
stamped after the as-of date are left out, but a record of which nothing else is known keeps its oldest.
The last version of a record that vanished from later extracts ends with the first of those.
-#}
{% macro dated_versions(source_name, table, key=['id'], watermark='system_modstamp') -%}
    {%- set columns = key | join(', ') -%}
    with

    -- Most records have one version only: those need no sorting.
    repeated_keys as (

        select {{ columns }}
        from {{ source(source_name, table) }}
        group by {{ columns }}
        having count(*) > 1

    ),

    only_versions as (

        select
            *,
            cast(null as {{ dbt.type_timestamp() }}) as _effective_at,
            cast(null as {{ dbt.type_timestamp() }}) as _superseded_at,
            true as _is_oldest,
        from ({{ visible_versions(source_name, table, key) }}) as visible
        where ({{ columns }}) not in (select {{ columns }} from repeated_keys)

    ),

    -- No version takes effect before an older one did, so that the newest is the last to hold.
    numbered_versions as (

        select
            *,
            row_number() over version_order as _version_number,
            max(coalesce({{ watermark }}, {{ business_date_start('_first_extract_date') }}))
                over version_order as _effective_at,
        from ({{ visible_versions(source_name, table, key) }}) as visible
        where ({{ columns }}) in (select {{ columns }} from repeated_keys)
        window version_order as (
            partition by {{ columns }}
            order by
                _seen_until_date asc,
                {{ watermark }} asc nulls first,
                _first_extract_date asc,
                _row_hash asc
            rows between unbounded preceding and current row
        )

    ),

    known_versions as (

        select
            *,
            lead(_effective_at) over (
                partition by {{ columns }} order by _version_number
            ) as _superseded_at,
        from numbered_versions
        where _version_number = 1 or _effective_at < {{ as_of_end() }}

    ),

    all_versions as (

        select * from only_versions

        union all

        select
            * except (_version_number),
            row_number() over (partition by {{ columns }} order by _version_number) = 1 as _is_oldest,
        from known_versions
        where _superseded_at is null or _superseded_at > _effective_at

    ),

    versions_from as (

        select
            *,
            case
                when _is_oldest then {{ beginning_of_time() }}
                else _effective_at
            end as valid_from,
        from all_versions

    ),

    versions_from_to as (

        select
            *,
            case
                when _superseded_at is not null then _superseded_at
                when _deleted_date is not null
                    then greatest(valid_from, {{ business_date_start('_deleted_date') }})
            end as valid_to,
        from versions_from

    )

    -- A version stamped when an extract already did without its record never held.
    select *
    from versions_from_to
    where valid_to is null or valid_to > valid_from
{%- endmacro %}

{#- The `valid_from` of what is taken to have held for ever back. -#}
{% macro beginning_of_time() -%}
    cast('1900-01-01 00:00:00' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- A `valid_to` later than any other, for comparing validities of which some have not ended. -#}
{% macro end_of_time() -%}
    cast('9999-12-31 00:00:00' as {{ dbt.type_timestamp() }})
{%- endmacro %}
