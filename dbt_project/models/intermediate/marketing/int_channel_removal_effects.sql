{#- A walk that has not ended after so many moves is taken for one that never wins. -#}
{%- set moves = 64 -%}
with

transitions as (select * from {{ ref('int_channel_transitions') }}),

channels as (

    select distinct from_state as channel
    from transitions
    where from_state != '(start)'

),

-- Won is kept, lost is dropped; a walk into the channel that is taken away ends there, not won.
kept_transitions as (

    select
        from_state,
        to_state,
        probability,
    from transitions
    where to_state != '(lost)'

    union all

    select
        '(won)' as from_state,
        '(won)' as to_state,
        1.0 as probability,

),

walks_after_0 as (

    select
        channel as removed_channel,
        '(start)' as walk_state,
        cast(1 as double) as probability,
    from channels

    union all

    select
        '(none)' as removed_channel,
        '(start)' as walk_state,
        cast(1 as double) as probability,

),

{% for move in range(1, moves + 1) %}
    walks_after_{{ move }} as (

        select
            walks.removed_channel,
            kept_transitions.to_state as walk_state,
            sum(walks.probability * kept_transitions.probability) as probability,
        from walks_after_{{ move - 1 }} as walks
        inner join kept_transitions
            on
                walks.walk_state = kept_transitions.from_state
                and walks.removed_channel != kept_transitions.to_state
        group by walks.removed_channel, kept_transitions.to_state

    ),

{% endfor %}

win_rates as (

    select
        removed_channel,
        probability as win_rate,
    from walks_after_{{ moves }}
    where walk_state = '(won)'

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
