with

stage_steps as (select * from {{ ref('int_stage_steps_paired') }}),

conversions as (

    select
        {{ month_start('entered_date') }} as entry_month_start_date,
        from_stage,
        to_stage,
        count(*) as entered_count,
        count(reached_date) as reached_count,
        {{ safe_divide('count(reached_date)', 'count(*)') }} as conversion_rate,
        median({{ dbt.datediff('entered_date', 'reached_date', 'day') }}) as median_days,
    from stage_steps
    group by {{ month_start('entered_date') }}, from_stage, to_stage

)

select * from conversions
