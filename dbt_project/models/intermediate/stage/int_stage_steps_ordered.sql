with

stages as (select * from {{ ref('int_stages_ordered') }}),

-- Won comes after every open stage, wherever the CRM sorts it; lost and unknown lead nowhere.
steps as (

    select
        stage_key,
        source_system,
        pipeline_key,
        stage_name,
        row_number() over (partition by pipeline_key order by is_won, stage_order) as step_number,
        is_active,
        is_won,
    from stages
    where (is_won or not is_closed) and stage_key <> {{ unknown_stage_key('source_system') }}

),

-- A stage that nobody can enter any more cannot be skipped.
counted_steps as (

    select
        *,
        count(case when is_active and not is_won then 1 end) over (
            partition by pipeline_key
            order by step_number
            rows between unbounded preceding and current row
        ) as active_step_count,
    from steps

)

select * from counted_steps
