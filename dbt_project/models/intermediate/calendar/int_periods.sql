{%- set period_starts = {
    'week': week_start('first_date'),
    'month': month_start('first_date'),
    'quarter': fiscal_quarter_start('first_date'),
    'year': fiscal_year_start('first_date'),
} -%}
with recursive

calendar_span as (select * from {{ ref('int_calendar_spanned') }}),

span as (

    select
        first_change_date as first_date,
        {{ as_of_date() }} as as_of_date,
    from calendar_span

),

starts as (

    {% for period_type, period_start in period_starts.items() %}
        select
            '{{ period_type }}' as period_type,
            {{ period_start }} as period_start_date,
        from span
        where first_date <= as_of_date

        union all
    {% endfor %}

    select
        period_type,
        {{ next_period_start('period_type', 'period_start_date') }} as period_start_date,
    from starts
    where {{ next_period_start('period_type', 'period_start_date') }} <= {{ as_of_date() }}

),

dated_periods as (

    select
        period_type,
        period_start_date,
        {{
            date_plus(next_period_start('period_type', 'period_start_date'), -1)
        }} as period_end_date,
    from starts

),

periods as (

    select
        dated_periods.period_type,
        dated_periods.period_start_date,
        dated_periods.period_end_date,
        least(dated_periods.period_end_date, span.as_of_date) as last_seen_date,
        {{ business_date_start('dated_periods.period_start_date') }} as opening_at,
        {{
            business_date_start(
                date_plus('least(dated_periods.period_end_date, span.as_of_date)', 1)
            )
        }} as closing_at,
    from dated_periods
    cross join span

)

select * from periods
