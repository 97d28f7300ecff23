with

history as (select * from {{ ref('int_opportunity_history') }}),

present_states as (

    select * from history
    where valid_to is null and is_closed

),

outcome_changes as (

    select *
    from history
    qualify
        version_number = 1
        or is_closed <> lag(is_closed) over (partition by opportunity_key order by version_number)
        or is_won <> lag(is_won) over (partition by opportunity_key order by version_number)

),

present_outcomes as (

    select *
    from outcome_changes
    qualify row_number() over (partition by opportunity_key order by version_number desc) = 1

),

-- A close that nobody saw is taken to be the last thing that happened on the close date.
dated_closes as (

    select
        present_states.opportunity_key,
        case
            when
                present_outcomes.history_source = 'assumed'
                and present_states.close_date is not null
                then greatest(
                    present_outcomes.valid_from,
                    {{ business_date_start(date_plus('present_states.close_date', 1)) }}
                    - interval 1 microsecond
                )
            else present_outcomes.valid_from
        end as closed_at,
    from present_states
    inner join present_outcomes
        on present_states.opportunity_key = present_outcomes.opportunity_key

)

select * from dated_closes
