with

history as (select * from {{ ref('int_opportunity_history') }}),

outcomes as (select * from {{ ref('int_opportunity_outcomes') }}),

entries as (

    select
        opportunity_key,
        version_number,
        owner_key,
        stage_name,
        valid_from as entered_at,
    from history
    qualify
        stage_name is distinct from lag(stage_name) over (
            partition by opportunity_key order by version_number
        )

),

stage_entries as (

    select
        entries.opportunity_key,
        entries.owner_key,
        entries.stage_name,
        lag(entries.stage_name) over opportunity_entries as previous_stage_name,
        row_number() over opportunity_entries as entry_number,
        row_number() over (
            partition by entries.opportunity_key, entries.stage_name
            order by entries.version_number
        ) as visit_number,
        entries.entered_at,
        lead(entries.entered_at) over opportunity_entries as exited_at,
    from entries
    inner join outcomes
        on entries.opportunity_key = outcomes.opportunity_key
    window opportunity_entries as (
        partition by entries.opportunity_key order by entries.version_number
    )

)

select * from stage_entries
