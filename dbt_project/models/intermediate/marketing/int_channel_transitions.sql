with

touches as (

    select * from {{ ref('int_opportunity_touches_ordered') }}
    where is_closed

),

-- Touches of one channel in a row are one stay: staying does not change where a path ends.
stays as (

    select *
    from touches
    qualify
        channel is distinct from lag(channel) over (
            partition by opportunity_key order by touch_number
        )

),

steps as (

    select
        opportunity_key,
        channel as from_state,
        lead(channel) over (partition by opportunity_key order by touch_number) as next_channel,
        row_number() over (partition by opportunity_key order by touch_number) as step_number,
        is_won,
    from stays

),

moves as (

    select
        '(start)' as from_state,
        from_state as to_state,
    from steps
    where step_number = 1

    union all

    select
        from_state,
        coalesce(next_channel, case when is_won then '(won)' else '(lost)' end) as to_state,
    from steps

),

counted_moves as (

    select
        from_state,
        to_state,
        count(*) as move_count,
    from moves
    group by from_state, to_state

),

transitions as (

    select
        from_state,
        to_state,
        move_count,
        cast(move_count as double)
        / sum(move_count) over (partition by from_state) as probability,
    from counted_moves

)

select * from transitions
