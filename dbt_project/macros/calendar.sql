{#- First day of the company's week in which a date lies. -#}
{% macro week_start(date) -%}
    {%- set weekdays = [
        'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday',
    ] -%}
    {{ shifted_start('week', date, 'day', weekdays.index(var('week_start'))) }}
{%- endmacro %}

{#- First day of the calendar month in which a date lies. -#}
{% macro month_start(date) -%}
    cast({{ dbt.date_trunc('month', date) }} as date)
{%- endmacro %}

{#- First day of the fiscal quarter in which a date lies. -#}
{% macro fiscal_quarter_start(date) -%}
    {{ shifted_start('quarter', date, 'month', (var('fiscal_year_start_month') | int) - 1) }}
{%- endmacro %}

{#- First day of the fiscal year in which a date lies. -#}
{% macro fiscal_year_start(date) -%}
    {{ shifted_start('year', date, 'month', (var('fiscal_year_start_month') | int) - 1) }}
{%- endmacro %}

{#- First day of a period that begins `offset` days or months later than the calendar's own. -#}
{% macro shifted_start(period, date, unit, offset) -%}
    {%- if offset == 0 -%}
        cast({{ dbt.date_trunc(period, date) }} as date)
    {%- else -%}
        {%- set moved = dbt.dateadd(unit, -offset, date) -%}
        cast({{ dbt.dateadd(unit, offset, dbt.date_trunc(period, moved)) }} as date)
    {%- endif -%}
{%- endmacro %}

{#- A date so many days, months or years later. -#}
{% macro date_plus(date, count, unit='day') -%}
    cast({{ dbt.dateadd(unit, count, date) }} as date)
{%- endmacro %}

{#- Number of a week, 1 = the one that holds the first day of its year. -#}
{% macro weeks_since(year_start_date, week_start_date) -%}
    cast({{ dbt.datediff(week_start(year_start_date), week_start_date, 'day') }} / 7 as bigint) + 1
{%- endmacro %}

{#- A fiscal year is named after the calendar year in which it ends. -#}
{% macro fiscal_year_number(fiscal_year_start_date) -%}
    cast(extract(year from {{ date_plus(fiscal_year_start_date, 11, 'month') }}) as bigint)
{%- endmacro %}
