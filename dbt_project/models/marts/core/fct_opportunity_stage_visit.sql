with

entries as (select * from {{ ref('int_stage_entries_ordered') }}),

steps as (select * from {{ ref('int_stage_steps_ordered') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

stage_visits as (

    select
        entries.opportunity_key || ':' || cast(entries.entry_number as {{ dbt.type_string() }})
            as stage_visit_key,
        entries.opportunity_key,
        entries.owner_key as owner_at_entry_key,
        entries.stage_key,

        entries.stage_name,
        entries.visit_number,

        entries.entered_at,
        entries.exited_at,
        {{
            dbt.datediff(
                to_business_date('entries.entered_at'),
                'coalesce(' ~ to_business_date('entries.exited_at') ~ ', as_of.as_of_date)',
                'day'
            )
        }} as days,
        -- The active open stages before this one, less those up to and including the one left.
        coalesce(
            greatest(
                entered.active_step_count
                - case when entered.is_active and not entered.is_won then 1 else 0 end
                - previous.active_step_count,
                0
            ),
            0
        ) as skipped_stage_count,

        entries.is_regression,
    from entries
    left join steps as entered
        on entries.stage_key = entered.stage_key
    left join steps as previous
        on
            entries.previous_stage_key = previous.stage_key
            and entered.pipeline_key = previous.pipeline_key
            and not previous.is_won
    cross join as_of

)

select * from stage_visits
