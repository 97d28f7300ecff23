{#- A UTC timestamp on the clock of the business time zone. -#}
{% macro to_business_time(utc_timestamp) -%}
    {{ return(adapter.dispatch('to_business_time')(utc_timestamp)) }}
{%- endmacro %}

{% macro default__to_business_time(utc_timestamp) -%}
    timezone('{{ var("business_timezone") }}', timezone('UTC', {{ utc_timestamp }}))
{%- endmacro %}

{% macro spark__to_business_time(utc_timestamp) -%}
    from_utc_timestamp({{ utc_timestamp }}, '{{ var("business_timezone") }}')
{%- endmacro %}

{#- The business date on which a UTC timestamp falls. -#}
{% macro to_business_date(utc_timestamp) -%}
    cast({{ to_business_time(utc_timestamp) }} as date)
{%- endmacro %}

{#- The UTC timestamp at which a business date begins; the first of two midnights, where clocks go back. -#}
{% macro business_date_start(business_date) -%}
    {{ return(adapter.dispatch('business_date_start')(business_date)) }}
{%- endmacro %}

{% macro default__business_date_start(business_date) -%}
    {#- Of a time that comes twice DuckDB takes the second one, an hour late. -#}
    {%- set midnight -%}
        timezone('UTC', timezone('{{ var("business_timezone") }}', cast({{ business_date }} as timestamp)))
    {%- endset -%}
    {%- set hour_earlier = midnight ~ ' - interval 1 hour' -%}
    case
        when {{ to_business_date(hour_earlier) }} = {{ business_date }} then {{ hour_earlier }}
        else {{ midnight }}
    end
{%- endmacro %}

{% macro spark__business_date_start(business_date) -%}
    to_utc_timestamp(cast({{ business_date }} as timestamp), '{{ var("business_timezone") }}')
{%- endmacro %}

{#- The UTC timestamp of so many microseconds since 1970. -#}
{% macro moment_of_microseconds(microseconds) -%}
    {{ return(adapter.dispatch('moment_of_microseconds')(microseconds)) }}
{%- endmacro %}

{% macro default__moment_of_microseconds(microseconds) -%}
    make_timestamp({{ microseconds }})
{%- endmacro %}

{% macro spark__moment_of_microseconds(microseconds) -%}
    timestamp_micros({{ microseconds }})
{%- endmacro %}

{#- The UTC moment of a text: ISO 8601 ending in Z, or milliseconds since 1970. -#}
{% macro hubspot_moment(text) -%}
    {{ return(adapter.dispatch('hubspot_moment')(text)) }}
{%- endmacro %}

{% macro default__hubspot_moment(text) -%}
    coalesce(
        make_timestamp(try_cast({{ text }} as bigint) * 1000),
        try_cast(replace(replace({{ text }}, 'T', ' '), 'Z', '') as timestamp)
    )
{%- endmacro %}

{% macro spark__hubspot_moment(text) -%}
    coalesce(
        timestamp_millis(try_cast({{ text }} as bigint)),
        try_cast(replace(replace({{ text }}, 'T', ' '), 'Z', '') as timestamp)
    )
{%- endmacro %}
