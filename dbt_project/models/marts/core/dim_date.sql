{%- set weekdays = [
    'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday',
] -%}
{%- set business_days = var('business_hours')['days'] -%}
with

calendar_span as (select * from {{ ref('int_calendar_spanned') }}),

dates as (

    {{ dates_between('calendar_span', 'first_date', 'last_date') }}

),

starts as (

    select
        calendar_date,
        {{ week_start('calendar_date') }} as week_start_date,
        {{ month_start('calendar_date') }} as month_start_date,
        cast({{ dbt.date_trunc('quarter', 'calendar_date') }} as date) as quarter_start_date,
        cast({{ dbt.date_trunc('year', 'calendar_date') }} as date) as year_start_date,
        {{ fiscal_quarter_start('calendar_date') }} as fiscal_quarter_start_date,
        {{ fiscal_year_start('calendar_date') }} as fiscal_year_start_date,
        cast({{ dbt.date_trunc('week', 'calendar_date') }} as date) as monday_date,
    from dates

),

dim_date as (

    select
        calendar_date,

        week_start_date,
        {{ date_plus('week_start_date', 6) }} as week_end_date,
        month_start_date,
        {{ date_plus(date_plus('month_start_date', 1, 'month'), -1) }} as month_end_date,
        quarter_start_date,
        {{ date_plus(date_plus('quarter_start_date', 3, 'month'), -1) }} as quarter_end_date,
        year_start_date,
        {{ date_plus(date_plus('year_start_date', 1, 'year'), -1) }} as year_end_date,
        fiscal_quarter_start_date,
        {{ date_plus(date_plus('fiscal_quarter_start_date', 3, 'month'), -1) }}
            as fiscal_quarter_end_date,
        fiscal_year_start_date,
        {{ date_plus(date_plus('fiscal_year_start_date', 1, 'year'), -1) }}
            as fiscal_year_end_date,

        1 + {{
            dbt.datediff('week_start_date', 'calendar_date', 'day')
        }} as day_of_week,
        1 + {{
            dbt.datediff('fiscal_quarter_start_date', 'calendar_date', 'day')
        }} as day_of_fiscal_quarter,
        cast(extract(month from calendar_date) as bigint) as month_number,
        cast(extract(quarter from calendar_date) as bigint) as quarter_number,
        cast(extract(year from calendar_date) as bigint) as year_number,
        {{ weeks_since('year_start_date', 'week_start_date') }} as week_number,
        {{ weeks_since('fiscal_year_start_date', 'week_start_date') }} as fiscal_week_number,
        1 + {{
            dbt.datediff('fiscal_year_start_date', 'month_start_date', 'month')
        }} as fiscal_month_number,
        cast(extract(quarter from {{ date_plus(
            'fiscal_quarter_start_date', 1 - (var('fiscal_year_start_month') | int), 'month'
        ) }}) as bigint) as fiscal_quarter_number,
        {{ fiscal_year_number('fiscal_year_start_date') }} as fiscal_year_number,

        case {{ dbt.datediff('monday_date', 'calendar_date', 'day') }}
            {%- for weekday in weekdays %}
                when {{ loop.index0 }} then {{ weekday in business_days }}
            {%- endfor %}
        end as is_business_day,
        coalesce(calendar_date = {{ as_of_date() }}, false) as is_as_of_date,
    from starts

)

select * from dim_date
