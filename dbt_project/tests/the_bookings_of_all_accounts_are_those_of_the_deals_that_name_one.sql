-- A row here says that accounts have other bookings, by month or in all, than their opportunities.
with

accounts as (select * from {{ ref('mart_account_360') }}),

account_months as (select * from {{ ref('mart_account_monthly') }}),

months as (select * from {{ ref('int_periods') }} where period_type = 'month'),

deals as (

    select * from {{ ref('fct_opportunity') }}
    where is_won and account_key is not null and close_date <= {{ as_of_date() }}

),

deals_of_months as (

    select deals.*
    from deals
    inner join months
        on deals.close_date between months.period_start_date and months.last_seen_date

),

{% set totals = {
    'accounts': ['won_count', 'bookings_amount'],
    'account_months': ['won_count', 'bookings_amount'],
    'deals': ['1', 'amount'],
    'deals_of_months': ['1', 'amount'],
} %}
{% for table, columns in totals.items() %}
    {{ table }}_summed as (

        select
            coalesce(sum({{ columns[0] }}), 0) as won_count,
            coalesce(sum({{ columns[1] }}), 0) as bookings_amount,
        from {{ table }}

    ){{ ',' if not loop.last }}
{% endfor %}

select
    deals_summed.bookings_amount as deal_amount,
    accounts_summed.bookings_amount as account_amount,
    deals_of_months_summed.bookings_amount as month_amount,
    account_months_summed.bookings_amount as account_month_amount,
from deals_summed
cross join accounts_summed
cross join deals_of_months_summed
cross join account_months_summed
where
    deals_summed.won_count != accounts_summed.won_count
    or deals_summed.bookings_amount != accounts_summed.bookings_amount
    or deals_of_months_summed.won_count != account_months_summed.won_count
    or deals_of_months_summed.bookings_amount != account_months_summed.bookings_amount
