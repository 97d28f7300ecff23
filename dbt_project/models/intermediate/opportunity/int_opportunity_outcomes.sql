with

history as (select * from {{ ref('int_opportunity_history') }}),

closes as (select * from {{ ref('int_opportunity_closes_dated') }}),

rates as (select * from {{ ref('int_exchange_rates') }}),

creations as (

    select
        opportunity_key,
        owner_key as owner_at_creation_key,
        valid_from as created_at,
        {{ to_business_date('valid_from') }} as created_date,
    from history
    where version_number = 1

),

present_states as (

    select
        *,
        case when is_closed then close_date else {{ as_of_date() }} end as rate_date,
    from history
    where valid_to is null and not is_deleted

),

states_at_close as (

    select
        history.opportunity_key,
        history.owner_key,
        closes.closed_at,
    from history
    inner join closes
        on
            history.opportunity_key = closes.opportunity_key
            and history.valid_from <= closes.closed_at
            and (history.valid_to > closes.closed_at or history.valid_to is null)

),

-- The amount with which an opportunity enters the pipeline generated: as its first day ended.
states_after_creation as (

    select
        history.*,
        case when history.is_closed then history.close_date else creations.created_date end
            as rate_date,
    from history
    inner join creations
        on
            history.opportunity_key = creations.opportunity_key
            and {{ to_business_date('history.valid_from') }} <= creations.created_date
            and (
                {{ to_business_date('history.valid_to') }} > creations.created_date
                or history.valid_to is null
            )

),

created_amounts as (

    select
        states.opportunity_key,
        {{ convert_amount(
            'states.amount_original', 'rates.rate', 'rates.reporting_rate'
        ) }} as created_amount,
    from states_after_creation as states
    left join rates
        on {{ rate_in_force('rates', 'states.currency_code', 'states.rate_date') }}

),

opportunity_outcomes as (

    select
        states.opportunity_key,
        states.owner_key,
        creations.owner_at_creation_key,
        states_at_close.owner_key as owner_at_close_key,
        states.account_key,

        states.stage_name,
        states.forecast_category,
        states.probability,

        {{ convert_amount(
            'states.amount_original', 'rates.rate', 'rates.reporting_rate'
        ) }} as amount,
        states.amount_original,
        states.currency_code,
        created_amounts.created_amount,

        creations.created_at,
        creations.created_date,
        states.close_date,
        states_at_close.closed_at,

        states.is_closed,
        states.is_won,
    from present_states as states
    inner join creations
        on states.opportunity_key = creations.opportunity_key
    left join states_at_close
        on states.opportunity_key = states_at_close.opportunity_key
    left join created_amounts
        on states.opportunity_key = created_amounts.opportunity_key
    left join rates
        on {{ rate_in_force('rates', 'states.currency_code', 'states.rate_date') }}

)

select * from opportunity_outcomes
