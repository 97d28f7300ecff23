with

opportunities as (

    select
        * except (currency_code),
        {{ record_currency('currency_code') }} as currency_code,
    from {{ ref('int_opportunity_merges_unioned') }}

),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

merges_noted as (

    select
        opportunities.source_system as source, -- noqa: RF04
        'deals' as object, -- noqa: RF04
        'a_merged_deal_is_its_survivor' as check_name,
        'Merged into another deal: it is in no figure, the other one holds its records.'
            as description,
        'info' as severity,
        opportunities.opportunity_key as found_in,
        1 as rows_affected,
        {{
            convert_amount(
                'opportunities.amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }} as amount_affected,
    from opportunities
    cross join as_of
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'opportunities.currency_code', 'as_of.as_of_date') }}

)

select * from merges_noted
