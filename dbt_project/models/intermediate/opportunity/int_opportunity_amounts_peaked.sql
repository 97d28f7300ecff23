with

history as (select * from {{ ref('int_opportunity_history') }} where not is_deleted),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

-- A record's newest currency holds for its whole history.
peaks as (

    select
        opportunity_key,
        currency_code,
        max(amount_original) as highest_amount_original,
    from history
    group by opportunity_key, currency_code

),

opportunity_peaks as (

    select
        peaks.opportunity_key,
        peaks.highest_amount_original,
        {{
            convert_amount(
                'peaks.highest_amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as highest_amount,
    from peaks
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'peaks.currency_code', as_of_date()) }}

)

select * from opportunity_peaks
