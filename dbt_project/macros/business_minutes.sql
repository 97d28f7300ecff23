{%- macro minutes_of_day(time) -%}
    {%- set parts = (time | string).split(':') -%}
    {{ return((parts[0] | int) * 60 + (parts[1] | int)) }}
{%- endmacro %}

{#-
Minutes between two UTC moments, with fractions; `business_minutes_between` counts only those within
the company's business hours, on the clock of the business time zone. NULL when either is NULL.
-#}
{% macro minutes_between(from_moment, to_moment) -%}
    cast({{ dbt.datediff(from_moment, to_moment, 'second') }} as double) / 60
{%- endmacro %}

{% macro business_minutes_between(from_moment, to_moment) -%}
    cast(
            {{ business_seconds_before(to_business_time(to_moment)) }}
            - {{ business_seconds_before(to_business_time(from_moment)) }}
            as double
        ) / 60
{%- endmacro %}

{#-
Whole seconds of business hours from Monday 1900-01-01 to a time on the company's clock: those of the
weeks before, those of the business days before in its week, and those of its own day so far.
-#}
{% macro business_seconds_before(local_time) -%}
    {%- set hours = var('business_hours') -%}
    {%- set opening = 60 * minutes_of_day(hours['start']) -%}
    {%- set length = 60 * minutes_of_day(hours['end']) - opening -%}
    {%- set weekdays = [
        'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday',
    ] -%}
    {%- set days = dbt.datediff("date '1900-01-01'", 'cast(' ~ local_time ~ ' as date)', 'day') -%}
    {%- set second_of_day = dbt.datediff(
        'cast(' ~ local_time ~ ' as date)', local_time, 'second'
    ) -%}
    (
        cast(floor({{ days }} / 7.0) as bigint) * {{ hours['days'] | length * length }}
        + case {{ days }} % 7
            {%- set ns = namespace(passed=0) -%}
            {%- for weekday in weekdays %}
                when {{ loop.index0 }} then {{ ns.passed * length }}
                {%- if weekday in hours['days'] %}
                    + least(greatest({{ second_of_day }} - {{ opening }}, 0), {{ length }})
                    {%- set ns.passed = ns.passed + 1 -%}
                {%- endif %}
            {%- endfor %}
        end
    )
{%- endmacro %}
