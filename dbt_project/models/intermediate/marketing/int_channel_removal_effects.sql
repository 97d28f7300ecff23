{#- Six doublings are 64 moves: a walk that goes on after that is taken for one that never wins. -#}
{%- set doublings = 6 -%}
with

transitions as (select * from {{ ref('int_channel_transitions') }}),

channels as (

    select distinct from_state as channel
    from transitions
    where from_state != '(start)'

),

removals as (

    select channel as removed_channel from channels

    union all

    select '(none)' as removed_channel

),

-- Lost is dropped; a walk into the channel that is taken away ends there, not won; won is kept.
walks_doubled_0 as (

    select
        removals.removed_channel,
        transitions.from_state,
        transitions.to_state,
        transitions.probability,
    from transitions
    inner join removals on transitions.to_state != removals.removed_channel
    where transitions.to_state != '(lost)'

    union all

    select
        removed_channel,
        '(won)' as from_state,
        '(won)' as to_state,
        cast(1 as double) as probability,
    from removals

),

{% for doubling in range(1, doublings + 1) %}
    walks_doubled_{{ doubling }} as (

        select
            walks.removed_channel,
            walks.from_state,
            onward.to_state,
            sum(walks.probability * onward.probability) as probability,
        from walks_doubled_{{ doubling - 1 }} as walks
        inner join walks_doubled_{{ doubling - 1 }} as onward
            on
                walks.removed_channel = onward.removed_channel
                and walks.to_state = onward.from_state
        group by walks.removed_channel, walks.from_state, onward.to_state

    ),

{% endfor %}

win_rates as (

    select
        removed_channel,
        probability as win_rate,
    from walks_doubled_{{ doublings }}
    where from_state = '(start)' and to_state = '(won)'

),

removal_effects as (

    select
        channels.channel,
        all_channels.win_rate,
        coalesce(win_rates.win_rate, 0) as win_rate_without,
        -- Kept to twelve digits, so that the order of addition does not show.
        round(
            1 - coalesce(win_rates.win_rate, 0) / all_channels.win_rate, 12
        ) as removal_effect,
    from channels
    left join win_rates on channels.channel = win_rates.removed_channel
    left join win_rates as all_channels on all_channels.removed_channel = '(none)'

)

select * from removal_effects
