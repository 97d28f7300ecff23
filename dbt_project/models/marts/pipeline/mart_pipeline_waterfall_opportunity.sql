with

movements as (select * from {{ ref('int_opportunity_period_movements') }}),

opportunity_movements as (

    select
        period_type,
        period_start_date,
        period_end_date,
        opportunity_key,
        owner_key,

        entry,
        exit, -- noqa: RF04

        {% for part in waterfall_parts() %}
            cast({{ part }}_amount as decimal(18, 2)) as {{ part }}_amount,
        {% endfor %}
    from movements
    where
        period_type in ('week', 'month', 'quarter')
        and entry is not null
        and not (
            entry = 'start' and exit = 'end' and increased_amount = 0 and decreased_amount = 0
        )

)

select * from opportunity_movements
