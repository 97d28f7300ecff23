with

windows as (select * from {{ ref('int_opportunity_windows') }}),

versions as (select * from {{ ref('int_opportunity_history') }}),

outcome_runs as (select * from {{ ref('int_opportunity_outcome_runs') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

states as (

    select
        windows.opportunity_key,
        windows.period_type,
        windows.period_start_date,
        windows.period_end_date,
        windows.last_seen_date,
        windows.opening_at,

        {{ pipeline_state('opening', 'windows') }} as opening_state,
        {{ pipeline_state('closing', 'windows') }} as closing_state,
        opening.owner_key as opening_owner_key,
        coalesce(closing.owner_key, opening.owner_key) as closing_owner_key,
        opening.amount_original as opening_amount_original,
        closing.amount_original as closing_amount_original,
        coalesce(closing.currency_code, opening.currency_code) as currency_code,
        closing.close_date,
        outcome_runs.valid_from as outcome_began_at,

        {{ date_plus('windows.period_start_date', -1) }} as opening_rate_date,
        case
            when closing.is_closed then closing.close_date else windows.last_seen_date
        end as closing_rate_date,
    from windows
    left join versions as opening
        on
            windows.opportunity_key = opening.opportunity_key
            and {{ held_before('opening', 'windows.opening_at') }}
    left join versions as closing
        on
            windows.opportunity_key = closing.opportunity_key
            and {{ held_before('closing', 'windows.closing_at') }}
    left join outcome_runs
        on
            closing.opportunity_key = outcome_runs.opportunity_key
            and {{ held_at('outcome_runs', 'closing.valid_from') }}

),

period_states as (

    select
        states.opportunity_key,
        states.period_type,
        states.period_start_date,
        states.period_end_date,

        states.opening_owner_key,
        states.closing_owner_key,
        states.opening_state,
        states.closing_state,

        {{
            convert_amount(
                'states.opening_amount_original',
                'opening_rates.rate',
                'opening_rates.reporting_rate'
            )
        }} as opening_amount,
        {{
            convert_amount(
                'states.closing_amount_original',
                'closing_rates.rate',
                'closing_rates.reporting_rate'
            )
        }} as closing_amount,

        -- The outcome goes by when it began, the window by the close date.
        coalesce(
            states.closing_state in ('won', 'lost')
            and states.close_date between states.period_start_date and states.period_end_date
            and states.outcome_began_at >= states.opening_at,
            false
        ) as is_closed_in_period,
        -- A close date still to come is not booked yet.
        coalesce(
            states.closing_state = 'won'
            and states.close_date between states.period_start_date and states.last_seen_date,
            false
        ) as is_booked_in_period,
    from states
    left join exchange_rates as opening_rates
        on {{ rate_in_force('opening_rates', 'states.currency_code', 'states.opening_rate_date') }}
    left join exchange_rates as closing_rates
        on {{ rate_in_force('closing_rates', 'states.currency_code', 'states.closing_rate_date') }}

)

select * from period_states
