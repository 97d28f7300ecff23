{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where {{ opportunity_is_changed() }}

),

outcome_runs as (select * from {{ ref('int_opportunity_outcome_runs') }}),

present_states as (

    select * from history
    where valid_to is null

),

-- A close that nobody saw is taken to be the last thing that happened on the close date.
dated_closes as (

    select
        present_states.opportunity_key,
        case
            when
                outcome_runs.history_source = 'assumed'
                and present_states.close_date is not null
                then greatest(
                    outcome_runs.valid_from,
                    {{ business_date_start(date_plus('present_states.close_date', 1)) }}
                    - interval 1 microsecond
                )
            else outcome_runs.valid_from
        end as closed_at,
    from present_states
    inner join outcome_runs
        on present_states.opportunity_key = outcome_runs.opportunity_key
    where outcome_runs.valid_to is null

)

select * from dated_closes
