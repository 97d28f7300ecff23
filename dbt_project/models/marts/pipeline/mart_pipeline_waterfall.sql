with

movements as (select * from {{ ref('int_opportunity_period_movements') }}),

owner_movements as (

    select
        period_type,
        period_start_date,
        period_end_date,
        owner_key,

        {% for part in waterfall_parts() %}
            cast(sum({{ part }}_amount) as decimal(38, 2)) as {{ part }}_amount,
            {% if part in waterfall_entries() %}
                count(case when entry = '{{ part }}' then 1 end) as {{ part }}_count,
            {% elif part in waterfall_exits() %}
                count(case when exit = '{{ part }}' then 1 end) as {{ part }}_count,
            {% else %}
                count(case when {{ part }}_amount > 0 then 1 end) as {{ part }}_count,
            {% endif %}
        {% endfor %}
        cast(sum(bookings_amount) as decimal(38, 2)) as bookings_amount,
        count(case when is_booked then 1 end) as bookings_count,
    from movements
    where period_type in ('week', 'month', 'quarter')
    group by period_type, period_start_date, period_end_date, owner_key

)

select * from owner_movements
