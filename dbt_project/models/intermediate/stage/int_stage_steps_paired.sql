with

entries as (select * from {{ ref('int_stage_entries_ordered') }}),

steps as (select * from {{ ref('int_stage_steps_ordered') }}),

stepped_entries as (

    select
        entries.opportunity_key,
        entries.stage_name,
        entries.visit_number,
        entries.entered_at,
        {{ to_business_date('entries.entered_at') }} as entered_date,
        steps.step_number,
    from entries
    inner join steps
        on entries.stage_name = steps.stage_name

),

first_visits as (

    select
        stepped_entries.opportunity_key,
        stepped_entries.entered_at,
        stepped_entries.entered_date,
        from_steps.stage_name as from_stage,
        from_steps.step_number as from_step_number,
        to_steps.stage_name as to_stage,
        to_steps.step_number as to_step_number,
    from stepped_entries
    inner join steps as from_steps
        on stepped_entries.stage_name = from_steps.stage_name
    inner join steps as to_steps
        on from_steps.step_number < to_steps.step_number
    where stepped_entries.visit_number = 1 and not from_steps.is_won

),

-- A stage is reached by entering it or any stage beyond it.
stage_steps as (

    select
        first_visits.opportunity_key,
        first_visits.from_stage,
        first_visits.from_step_number,
        first_visits.to_stage,
        first_visits.to_step_number,
        first_visits.entered_date,
        min(later_entries.entered_date) as reached_date,
    from first_visits
    left join stepped_entries as later_entries
        on
            first_visits.opportunity_key = later_entries.opportunity_key
            and first_visits.entered_at < later_entries.entered_at
            and first_visits.to_step_number <= later_entries.step_number
    group by
        first_visits.opportunity_key,
        first_visits.from_stage,
        first_visits.from_step_number,
        first_visits.to_stage,
        first_visits.to_step_number,
        first_visits.entered_date

)

select * from stage_steps
