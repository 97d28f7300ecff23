with

period_states as (select * from {{ ref('int_opportunity_period_states') }}),

entries as (

    select
        *,
        case
            when opening_state = 'in' then 'start'
            when not (closing_state = 'in' or is_closed_in_period) then null
            when opening_state = 'absent' then 'created'
            when opening_state = 'after' then 'pulled_in'
            when opening_state in ('won', 'lost') then 'reopened'
            else 'moved_in'
        end as entry,
        coalesce(opening_amount, 0) as amount_before,
        coalesce(closing_amount, 0) as amount_after,
    from period_states

),

exits as (

    select
        *,
        case
            when entry is null then null
            when closing_state = 'in' then 'end'
            when closing_state in ('won', 'lost') then closing_state
            when closing_state = 'after' then 'pushed_out'
            else 'removed'
        end as exit, -- noqa: RF04
        -- What was in at the start leaves with the amount it had then, what came in with its last.
        case when entry = 'start' then amount_before else amount_after end as amount,
    from entries

),

movements as (

    select
        opportunity_key,
        period_type,
        period_start_date,
        period_end_date,
        opening_owner_key,
        closing_owner_key as owner_key,

        entry,
        exit, -- noqa: RF04

        {% for part in waterfall_entries() %}
            case when entry = '{{ part }}' then amount else 0 end as {{ part }}_amount,
        {% endfor %}
        case
            when entry = 'start' and exit = 'end' then greatest(amount_after - amount_before, 0)
            else 0
        end as increased_amount,
        case
            when entry = 'start' and exit = 'end' then greatest(amount_before - amount_after, 0)
            else 0
        end as decreased_amount,
        {% for part in waterfall_exits() if part != 'end' %}
            case when exit = '{{ part }}' then amount else 0 end as {{ part }}_amount,
        {% endfor %}
        case when exit = 'end' then amount_after else 0 end as end_amount,
        case when is_booked_in_period then amount_after else 0 end as bookings_amount,

        is_booked_in_period as is_booked,
    from exits
    where entry is not null or is_booked_in_period

)

select * from movements
