with

stage_steps as (select * from {{ ref('int_stage_steps_paired') }}),

stages as (select * from {{ ref('dim_stage') }}),

counted_steps as (

    select
        {{ month_start('entered_date') }} as entry_month_start_date,
        from_stage_key,
        to_stage_key,
        count(*) as entered_count,
        count(reached_date) as reached_count,
        median({{ dbt.datediff('entered_date', 'reached_date', 'day') }}) as median_days,
    from stage_steps
    group by {{ month_start('entered_date') }}, from_stage_key, to_stage_key

),

conversions as (

    select
        counted_steps.entry_month_start_date,
        counted_steps.from_stage_key,
        counted_steps.to_stage_key,
        from_stages.pipeline_name,
        from_stages.stage_name as from_stage,
        to_stages.stage_name as to_stage,

        counted_steps.entered_count,
        counted_steps.reached_count,
        {{ ratio('counted_steps.reached_count', 'counted_steps.entered_count') }}
            as conversion_rate,
        counted_steps.median_days,
    from counted_steps
    inner join stages as from_stages
        on counted_steps.from_stage_key = from_stages.stage_key
    inner join stages as to_stages
        on counted_steps.to_stage_key = to_stages.stage_key

)

select * from conversions
