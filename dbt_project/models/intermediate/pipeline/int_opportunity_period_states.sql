{%- set closing_rate_date -%}
    case when closing.is_closed then closing.close_date else windows.last_seen_date end
{%- endset -%}
with

windows as (select * from {{ ref('int_opportunity_windows') }}),

history as (select * from {{ ref('int_opportunity_history') }}),

outcome_runs as (select * from {{ ref('int_opportunity_outcome_runs') }}),

rates as (select * from {{ ref('int_exchange_rates') }}),

period_states as (

    select
        windows.opportunity_key,
        windows.period_type,
        windows.period_start_date,
        windows.period_end_date,

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
    from windows
    left join history as opening
        on
            windows.opportunity_key = opening.opportunity_key
            and {{ held_before('opening', 'windows.opening_at') }}
    left join history as closing
        on
            windows.opportunity_key = closing.opportunity_key
            and {{ held_before('closing', 'windows.closing_at') }}
    left join outcome_runs
        on
            closing.opportunity_key = outcome_runs.opportunity_key
            and {{ held_at('outcome_runs', 'closing.valid_from') }}
    left join rates as opening_rates
        on
            {{
                rate_in_force(
                    'opening_rates',
                    'opening.currency_code',
                    date_plus('windows.period_start_date', -1)
                )
            }}
    left join rates as closing_rates
        on {{ rate_in_force('closing_rates', 'closing.currency_code', closing_rate_date) }}

)

select * from period_states
