{%- set types = var('recurring_opportunity_types') -%}
{%- set families = var('recurring_product_families') -%}
{%- set renewal_types = var('renewal_opportunity_types') -%}
with

deals as (select * from {{ ref('int_account_opportunities') }} where is_booked and is_won),

opportunity_lines as (select * from {{ ref('int_opportunity_lines_unioned') }}),

exchange_rates as (select * from {{ ref('int_exchange_rates') }}),

-- A line is worth what its deal's currency was worth on the close date, as the deal is.
family_amounts as (

    select
        deals.opportunity_key,
        sum({{
            convert_amount(
                'opportunity_lines.amount_original',
                'exchange_rates.rate',
                'exchange_rates.reporting_rate'
            )
        }}) as amount,
    from opportunity_lines
    inner join deals on opportunity_lines.opportunity_key = deals.opportunity_key
    left join exchange_rates
        on {{ rate_in_force('exchange_rates', 'deals.currency_code', 'deals.close_date') }}
    where lower(trim(opportunity_lines.product_family)) in ({{ lower_text_list(families) }})
    group by deals.opportunity_key

),

recurring_deals as (

    select
        deals.opportunity_key,
        deals.account_key,
        coalesce(
            case when {{ families | length }} > 0 then family_amounts.amount else deals.amount end,
            0
        ) as recurring_amount,
        deals.close_date as starts_date,
        {{ date_plus('deals.close_date', var('recurring_term_months'), 'month') }} as term_end_date,
        coalesce(
            lower(trim(deals.opportunity_type)) in ({{ lower_text_list(renewal_types) }}), false
        ) as is_renewal,
    from deals
    left join family_amounts on deals.opportunity_key = family_amounts.opportunity_key
    where
        {{ types | length + families | length }} > 0
        and (
            {{ types | length }} = 0
            or lower(trim(deals.opportunity_type)) in (
                {{ lower_text_list(types + renewal_types) }}
            )
        )
        and ({{ families | length }} = 0 or family_amounts.opportunity_key is not null)

),

renewals as (

    select
        account_key,
        starts_date,
    from recurring_deals
    where is_renewal

),

-- A renewal takes the place of whatever recurred at its account until then.
replaced_deals as (

    select
        recurring_deals.opportunity_key,
        recurring_deals.account_key,
        recurring_deals.recurring_amount,
        recurring_deals.starts_date,
        least(recurring_deals.term_end_date, min(renewals.starts_date)) as ends_date,
        recurring_deals.is_renewal,
    from recurring_deals
    left join renewals
        on
            recurring_deals.account_key = renewals.account_key
            and recurring_deals.starts_date < renewals.starts_date
    group by
        recurring_deals.opportunity_key,
        recurring_deals.account_key,
        recurring_deals.recurring_amount,
        recurring_deals.starts_date,
        recurring_deals.term_end_date,
        recurring_deals.is_renewal

)

select * from replaced_deals
