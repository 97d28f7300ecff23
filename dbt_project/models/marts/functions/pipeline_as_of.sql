{{ config(parameters=['as_of_date']) }}

with

history as (select * from {{ published('fct_opportunity_history') }}),

exchange_rates as (select * from {{ published('fct_exchange_rate') }}),

dates as (select * from {{ published('dim_date') }}),

stretches as (

    {{ pipeline_stretches_query('history', 'exchange_rates') }}

),

open_opportunities as (

    select
        opportunity_key,
        owner_key,
        account_key,

        stage_key,
        stage_name,
        forecast_category,
        probability,

        amount,
        amount_original,
        currency_code,
        weighted_amount,

        close_date,
        close_fiscal_quarter_start_date,
    from stretches
    where
        first_date <= cast(as_of_date as date)
        and (until_date is null or until_date > cast(as_of_date as date))
        -- Of later days nothing is known.
        and cast(as_of_date as date) <= (
            select max(dates.calendar_date) from dates
            where dates.is_as_of_date
        )

)

select * from open_opportunities
