with

history as (select * from {{ ref('int_opportunity_history') }}),

outcome_changes as (

    select
        opportunity_key,
        history_source,
        valid_from,
        is_closed,
        is_won,
    from history
    qualify
        version_number = 1
        or is_closed <> lag(is_closed) over (partition by opportunity_key order by version_number)
        or is_won <> lag(is_won) over (partition by opportunity_key order by version_number)

),

dated_outcomes as (

    select
        opportunity_key,
        history_source,
        valid_from,
        lead(valid_from) over (partition by opportunity_key order by valid_from) as valid_to,
        is_closed,
        is_won,
    from outcome_changes

),

outcome_runs as (

    select
        opportunity_key,
        is_won,
        history_source,
        valid_from,
        valid_to,
    from dated_outcomes
    where is_closed

)

select * from outcome_runs
