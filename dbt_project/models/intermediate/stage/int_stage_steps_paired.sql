{{ config(**replacing('changed_opportunities_give_way()')) }}
with

entries as (

    select * from {{ ref('int_stage_entries_ordered') }}
    where {{ opportunity_is_changed() }}

),

steps as (select * from {{ ref('int_stage_steps_ordered') }}),

stepped_entries as (

    select
        entries.opportunity_key,
        entries.stage_key,
        entries.visit_number,
        entries.entered_at,
        {{ to_business_date('entries.entered_at') }} as entered_date,
        steps.pipeline_key,
        steps.step_number,
        steps.is_won,
    from entries
    inner join steps
        on entries.stage_key = steps.stage_key

),

first_visits as (

    select
        stepped_entries.opportunity_key,
        stepped_entries.entered_at,
        stepped_entries.entered_date,
        stepped_entries.pipeline_key,
        stepped_entries.stage_key as from_stage_key,
        to_steps.stage_key as to_stage_key,
        to_steps.step_number as to_step_number,
    from stepped_entries
    inner join steps as to_steps
        on
            stepped_entries.pipeline_key = to_steps.pipeline_key
            and stepped_entries.step_number < to_steps.step_number
    where stepped_entries.visit_number = 1 and not stepped_entries.is_won

),

-- A stage is reached by entering it or any stage beyond it.
stage_steps as (

    select
        first_visits.opportunity_key,
        first_visits.from_stage_key,
        first_visits.to_stage_key,
        first_visits.entered_date,
        min(later_entries.entered_date) as reached_date,
    from first_visits
    left join stepped_entries as later_entries
        on
            first_visits.opportunity_key = later_entries.opportunity_key
            and first_visits.pipeline_key = later_entries.pipeline_key
            and first_visits.entered_at < later_entries.entered_at
            and first_visits.to_step_number <= later_entries.step_number
    group by
        first_visits.opportunity_key,
        first_visits.from_stage_key,
        first_visits.to_stage_key,
        first_visits.entered_date

)

select * from stage_steps
