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

        {{ waterfall_part_amounts() }}
    from movements
    where
        period_type in ('week', 'month', 'quarter')
        and entry is not null
        and not ({{ stood_unchanged() }})

)

select * from opportunity_movements
