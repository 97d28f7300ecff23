{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where {{ opportunity_is_changed() }}

),

stages as (select * from {{ ref('int_stages_ordered') }}),

-- A deleted opportunity has no visits.
present_opportunities as (

    select distinct opportunity_key from history
    where valid_to is null and not is_deleted

),

versions as (

    select
        history.opportunity_key,
        history.version_number,
        history.owner_key,
        history.stage_key,
        history.stage_name,
        history.valid_from,
        coalesce(
            not history.is_closed
            and not lag(history.is_closed) over opportunity_versions
            and stages.pipeline_key = lag(stages.pipeline_key) over opportunity_versions
            and stages.stage_order < lag(stages.stage_order) over opportunity_versions,
            false
        ) as is_regression,
    from history
    left join stages
        on history.stage_key = stages.stage_key
    window opportunity_versions as (
        partition by history.opportunity_key order by history.version_number
    )

),

entries as (

    select
        opportunity_key,
        version_number,
        owner_key,
        stage_key,
        stage_name,
        valid_from as entered_at,
        is_regression,
    from versions
    qualify
        stage_key is distinct from lag(stage_key) over (
            partition by opportunity_key order by version_number
        )

),

stage_entries as (

    select
        entries.opportunity_key,
        entries.owner_key,
        entries.stage_key,
        lag(entries.stage_key) over opportunity_entries as previous_stage_key,
        entries.stage_name,
        row_number() over opportunity_entries as entry_number,
        row_number() over (
            partition by entries.opportunity_key, entries.stage_key
            order by entries.version_number
        ) as visit_number,
        entries.entered_at,
        lead(entries.entered_at) over opportunity_entries as exited_at,
        entries.is_regression,
    from entries
    inner join present_opportunities
        on entries.opportunity_key = present_opportunities.opportunity_key
    window opportunity_entries as (
        partition by entries.opportunity_key order by entries.version_number
    )

)

select * from stage_entries
