with

history as (select * from {{ ref('int_opportunity_history') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

-- The days at whose end a version held; none for a version that did not last until midnight.
open_stretches as (

    select
        *,
        {{ to_business_date('valid_from') }} as first_date,
        coalesce(
            {{ to_business_date('valid_to') }}, {{ date_plus(as_of_date(), 1) }}
        ) as until_date,
    from history
    where not is_deleted and not is_closed and forecast_category <> 'Omitted'

),

-- An open amount is worth what its currency is worth on the day: a new rate begins a new stretch.
rated_stretches as (

    select
        stretches.opportunity_key,
        stretches.owner_key,
        stretches.stage_key,
        stretches.stage_name,
        stretches.forecast_category,
        {{ fiscal_quarter_start('stretches.close_date') }} as close_fiscal_quarter_start_date,
        stretches.probability,
        {{
            convert_amount('stretches.amount_original', 'rates.rate', 'rates.reporting_rate')
        }} as amount,
        greatest(stretches.first_date, rates.valid_from_date) as first_date,
        least(stretches.until_date, rates.valid_to_date) as until_date,
    from open_stretches as stretches
    left join exchange_rates as rates
        on
            stretches.currency_code = rates.currency_code
            and stretches.until_date > rates.valid_from_date
            and (rates.valid_to_date is null or stretches.first_date < rates.valid_to_date)
    where stretches.first_date < stretches.until_date

),

valued_stretches as (

    select
        *,
        cast(amount as decimal(28, 2)) * probability as weighted_amount,
    from rated_stretches

)

select * from valued_stretches
