-- How do deals move from one stage to the next: which share gets on, and within how many days?
with

conversions as (select * from {{ published('mart_stage_conversion') }}),

stages as (select * from {{ published('dim_stage') }}),

steps as (

    select
        from_stages.stage_order as from_stage_order,
        conversions.from_stage,
        conversions.to_stage,
        sum(conversions.entered_count) as entered_count,
        sum(conversions.reached_count) as reached_count,
        {{ safe_divide('sum(conversions.reached_count)', 'sum(conversions.entered_count)') }}
            as conversion_rate,
        median(conversions.median_days) as median_days,
    from conversions
    inner join stages as from_stages on conversions.from_stage_key = from_stages.stage_key
    inner join stages as to_stages on conversions.to_stage_key = to_stages.stage_key
    group by
        from_stages.stage_order,
        conversions.from_stage,
        conversions.to_stage,
        to_stages.stage_order
    qualify
        to_stages.stage_order = min(to_stages.stage_order) over (
            partition by conversions.from_stage
        )

)

select * from steps
order by from_stage_order
