{%- set starts = {
    'month': 'month_start_date',
    'quarter': 'fiscal_quarter_start_date',
    'year': 'fiscal_year_start_date',
} -%}
{%- set business_days = 'count(case when is_business_day then 1 end)' -%}
with

nodes as (

    select * from {{ ref('int_performance_nodes') }}
    where credit_scope = 'team' and period_type = 'year'

),

bookings as (select * from {{ ref('int_bookings_credited_daily') }}),

quotas as (select * from {{ ref('int_quotas_credited') }} where credit_scope = 'team'),

users as (select * from {{ ref('dim_user') }}),

dates as (select * from {{ ref('dim_date') }}),

-- The share of business days passed needs the days that are still to come.
paced_dates as (

    select
        calendar_date,
        {% for period_type, start_date in starts.items() %}
            {{ start_date }},
            {{
                ratio(
                    business_days ~ ' over (partition by ' ~ start_date
                    ~ ' order by calendar_date)',
                    business_days ~ ' over (partition by ' ~ start_date ~ ')'
                )
            }} as {{ period_type }}_pace_rate,
        {% endfor %}
    from dates

),

node_days as (

    select
        paced_dates.*,
        nodes.user_key,
        {% for period_type, start_date in starts.items() %}
            sum(coalesce(bookings.bookings_amount, 0)) over (
                partition by nodes.user_key, paced_dates.{{ start_date }}
                order by paced_dates.calendar_date
                rows between unbounded preceding and current row
            ) as {{ period_type }}_to_date_bookings_amount,
        {% endfor %}
    from nodes
    inner join paced_dates
        on
            nodes.period_start_date = paced_dates.fiscal_year_start_date
            and paced_dates.calendar_date <= {{ as_of_date() }}
    left join bookings
        on
            nodes.user_key = bookings.user_key
            and paced_dates.calendar_date = bookings.close_date

),

attainment_days as (

    select
        node_days.calendar_date as snapshot_date,
        node_days.user_key,
        users.user_name,
        {% for period_type, start_date in starts.items() %}
            node_days.{{ start_date }},
            cast(
                node_days.{{ period_type }}_to_date_bookings_amount as decimal(38, 2)
            ) as {{ period_type }}_to_date_bookings_amount,
            cast({{ period_type }}_quotas.quota_amount as decimal(38, 2))
                as {{ period_type }}_quota_amount,
            {{
                ratio(
                    'node_days.' ~ period_type ~ '_to_date_bookings_amount',
                    period_type ~ '_quotas.quota_amount'
                )
            }} as {{ period_type }}_attainment_rate,
            node_days.{{ period_type }}_pace_rate,
            cast({{ period_type }}_quotas.quota_amount as double)
            * node_days.{{ period_type }}_pace_rate as {{ period_type }}_pace_amount,
        {% endfor %}
    from node_days
    left join users on node_days.user_key = users.user_key
    {% for period_type, start_date in starts.items() %}
        left join quotas as {{ period_type }}_quotas
            on
                {{ period_type }}_quotas.period_type = '{{ period_type }}'
                and node_days.{{ start_date }} = {{ period_type }}_quotas.period_start_date
                and node_days.user_key = {{ period_type }}_quotas.user_key
    {% endfor %}

)

select * from attainment_days
