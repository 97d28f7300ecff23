with

history as (select * from {{ ref('int_opportunity_history') }}),

creations as (select * from {{ ref('int_opportunity_creations_valued') }}),

closes as (select * from {{ ref('int_opportunity_closes_dated') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

present_states as (

    select
        *,
        case when is_closed then close_date else {{ as_of_date() }} end as rate_date,
    from history
    where valid_to is null and not is_deleted

),

states_at_close as (

    select
        closes.opportunity_key,
        closes.closed_at,
        history.owner_key as owner_at_close_key,
    from closes
    inner join history
        on
            closes.opportunity_key = history.opportunity_key
            and {{ held_at('history', 'closes.closed_at') }}

),

opportunity_outcomes as (

    select
        present_states.opportunity_key,
        present_states.owner_key,
        creations.owner_at_creation_key,
        states_at_close.owner_at_close_key,
        present_states.account_key,
        present_states.stage_key,

        present_states.stage_name,
        present_states.forecast_category,
        present_states.probability,

        {{
            convert_amount(
                'present_states.amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as amount,
        present_states.amount_original,
        present_states.currency_code,
        creations.created_amount,

        creations.created_at,
        states_at_close.closed_at,
        creations.created_date,
        present_states.close_date,
        case
            when present_states.is_closed
                then {{ dbt.datediff(
                    'creations.created_date', 'present_states.close_date', 'day'
                ) }}
        end as sales_cycle_days,

        present_states.is_closed,
        present_states.is_won,
    from present_states
    inner join creations
        on present_states.opportunity_key = creations.opportunity_key
    left join states_at_close
        on present_states.opportunity_key = states_at_close.opportunity_key
    left join exchange_rates
        on {{
            rate_in_force(
                'exchange_rates', 'present_states.currency_code', 'present_states.rate_date'
            )
        }}

)

select * from opportunity_outcomes
