with

history as (select * from {{ ref('int_opportunity_history') }}),

compared_versions as (

    select
        *,
        case
            when
                is_closed is distinct from lag(is_closed) over versions
                or is_won is distinct from lag(is_won) over versions
                then valid_from
        end as outcome_change_at,
    from history
    window versions as (partition by opportunity_key order by valid_from)

),

-- The last change of outcome up to a version is when its own outcome began.
outcome_runs as (

    select
        * except (outcome_change_at),
        max(outcome_change_at) over (
            partition by opportunity_key
            order by valid_from
            rows between unbounded preceding and current row
        ) as outcome_began_at,
    from compared_versions

)

select * from outcome_runs
