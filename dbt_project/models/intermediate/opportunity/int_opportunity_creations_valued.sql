{{ config(**replacing('changed_opportunities_give_way()')) }}
with

history as (

    select * from {{ ref('int_opportunity_history') }}
    where {{ opportunity_is_changed() }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

creations as (

    select
        opportunity_key,
        owner_key as owner_at_creation_key,
        valid_from as created_at,
        {{ to_business_date('valid_from') }} as created_date,
    from history
    where version_number = 1

),

-- An opportunity enters the pipeline generated with the amount that its first day ended with.
first_days as (

    select
        creations.*,
        history.amount_original,
        history.currency_code,
        case
            when history.is_closed then history.close_date
            else creations.created_date
        end as rate_date,
    from creations
    inner join history
        on
            creations.opportunity_key = history.opportunity_key
            and {{ to_business_date('history.valid_from') }} <= creations.created_date
            and (
                history.valid_to is null
                or {{ to_business_date('history.valid_to') }} > creations.created_date
            )

),

valued_creations as (

    select
        first_days.opportunity_key,
        first_days.owner_at_creation_key,
        first_days.created_at,
        first_days.created_date,
        {{
            convert_amount(
                'first_days.amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as created_amount,
        first_days.amount_original as created_amount_original,
        first_days.currency_code,
    from first_days
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'first_days.currency_code', 'first_days.rate_date') }}

)

select * from valued_creations
