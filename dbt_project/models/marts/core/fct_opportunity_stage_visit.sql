with

entries as (select * from {{ ref('int_stage_entries_ordered') }}),

stages as (select * from {{ ref('dim_stage') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

-- The difference of two of these ranks says how many open stages lie between two stages.
ranked_stages as (

    select
        *,
        is_closed and not is_won as is_lost,
        count(case when not is_closed and stage_name <> 'Unknown' then 1 end) over (
            order by stage_order rows between unbounded preceding and current row
        ) as open_stage_rank,
    from stages

),

stage_visits as (

    select
        entries.opportunity_key || ':' || cast(entries.entry_number as {{ dbt.type_string() }})
            as stage_visit_key,
        entries.opportunity_key,
        entries.owner_key as owner_at_entry_key,

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
        case
            when
                entered.is_lost
                or entries.previous_stage_name is null
                or entries.previous_stage_name = 'Unknown'
                then 0
            else greatest(
                entered.open_stage_rank - previous.open_stage_rank
                - case when entered.is_closed then 0 else 1 end,
                0
            )
        end as skipped_stage_count,

        coalesce(
            not entered.is_closed
            and not previous.is_closed
            and entered.stage_order < previous.stage_order,
            false
        ) as is_regression,
    from entries
    inner join ranked_stages as entered
        on entries.stage_name = entered.stage_name
    left join ranked_stages as previous
        on entries.previous_stage_name = previous.stage_name
    cross join as_of

)

select * from stage_visits
