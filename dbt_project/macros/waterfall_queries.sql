{#-
What models ask of the periods of the calendar, and table functions of any two dates: queries over
relations or CTEs that are named in the call, so that both give the same figures.
-#}

{#- One row per opportunity and stretch of time during which it was won, or was lost, without a break. -#}
{% macro outcome_runs_query(history) -%}
    with

    outcome_changes as (

        select
            opportunity_key,
            history_source,
            valid_from,
            is_closed,
            is_won,
        from {{ history }}
        -- Of the first version there is none before: that differs, too.
        qualify
            is_closed is distinct from lag(is_closed) over (
                partition by opportunity_key order by valid_from
            )
            or is_won is distinct from lag(is_won) over (
                partition by opportunity_key order by valid_from
            )

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

    )

    select
        opportunity_key,
        is_won,
        history_source,
        valid_from,
        valid_to,
    from dated_outcomes
    where is_closed
{%- endmacro %}

{#-
One row per row of `windows` (opportunity_key, period_type, period_start_date, period_end_date,
last_seen_date, opening_at, closing_at): how the opportunity stood before and at the end of it.
-#}
{% macro period_states_query(windows, history, outcome_runs, rates) -%}
    {%- set closing_rate_date -%}
        case when closing.is_closed then closing.close_date else windows.last_seen_date end
    {%- endset -%}
    select
        windows.opportunity_key,
        windows.period_type,
        windows.period_start_date,
        windows.period_end_date,
        windows.last_seen_date,

        opening.owner_key as opening_owner_key,
        coalesce(closing.owner_key, opening.owner_key) as closing_owner_key,
        {{ pipeline_state('opening', 'windows') }} as opening_state,
        {{ pipeline_state('closing', 'windows') }} as closing_state,

        {{
            convert_amount(
                'opening.amount_original', 'opening_rates.rate', 'opening_rates.reporting_rate'
            )
        }} as opening_amount,
        {{
            convert_amount(
                'closing.amount_original', 'closing_rates.rate', 'closing_rates.reporting_rate'
            )
        }} as closing_amount,

        -- The outcome goes by when it began, the window by the close date.
        coalesce(
            closing.is_closed and not closing.is_deleted
            and closing.close_date between windows.period_start_date and windows.period_end_date
            and outcome_runs.valid_from >= windows.opening_at,
            false
        ) as is_closed_in_period,
        -- A close date still to come is not booked yet.
        coalesce(
            closing.is_closed and closing.is_won and not closing.is_deleted
            and closing.close_date between windows.period_start_date and windows.last_seen_date,
            false
        ) as is_booked_in_period,
    from {{ windows }} as windows
    left join {{ history }} as opening
        on
            windows.opportunity_key = opening.opportunity_key
            and {{ held_before('opening', 'windows.opening_at') }}
    left join {{ history }} as closing
        on
            windows.opportunity_key = closing.opportunity_key
            and {{ held_before('closing', 'windows.closing_at') }}
    left join {{ outcome_runs }} as outcome_runs
        on
            closing.opportunity_key = outcome_runs.opportunity_key
            and {{ held_at('outcome_runs', 'closing.valid_from') }}
    left join {{ rates }} as opening_rates
        on
            {{
                rate_in_force(
                    'opening_rates',
                    'opening.currency_code',
                    date_plus('windows.period_start_date', -1)
                )
            }}
    left join {{ rates }} as closing_rates
        on {{ rate_in_force('closing_rates', 'closing.currency_code', closing_rate_date) }}
{%- endmacro %}

{#- One row per row of `period_states` that has a part in its window's waterfall, or is a booking. -#}
{% macro period_movements_query(period_states) -%}
    with

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
        from {{ period_states }}

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

    )

    select
        opportunity_key,
        period_type,
        period_start_date,
        period_end_date,
        last_seen_date,
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
{%- endmacro %}

{#- The parts of a waterfall as columns of opportunities, to the cent. -#}
{% macro waterfall_part_amounts() -%}
    {% for part in waterfall_parts() -%}
        cast({{ part }}_amount as decimal(18, 2)) as {{ part }}_amount,
    {% endfor %}
{%- endmacro %}

{#- Whether nothing happened within the window to what stood in its pipeline at both ends. -#}
{% macro stood_unchanged() -%}
    entry = 'start' and exit = 'end' and increased_amount = 0 and decreased_amount = 0
{%- endmacro %}
