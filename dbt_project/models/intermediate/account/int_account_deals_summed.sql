with

deals as (select * from {{ ref('int_account_opportunities') }}),

account_deals as (

    select
        account_key,

        count(*) as opportunity_count,
        count(
            case when not is_closed and forecast_category != 'Omitted' then 1 end
        ) as open_count,
        sum(
            case when not is_closed and forecast_category != 'Omitted' then amount end
        ) as open_amount,
        sum(
            case
                when not is_closed and forecast_category != 'Omitted'
                    then cast(amount as decimal(28, 2)) * probability
            end
        ) as weighted_amount,
        min(
            case when not is_closed and forecast_category != 'Omitted' then close_date end
        ) as next_close_date,

        count(case when is_booked and is_won then 1 end) as won_count,
        count(case when is_booked and not is_won then 1 end) as lost_count,
        sum(case when is_booked and is_won then amount end) as bookings_amount,
        sum(
            case
                when
                    is_booked and is_won
                    and close_date > {{ date_plus(as_of_date(), -12, 'month') }}
                    then amount
            end
        ) as bookings_amount_last_12_months,
        min(case when is_booked and is_won then close_date end) as first_won_date,
        max(case when is_booked and is_won then close_date end) as last_won_date,
    from deals
    group by account_key

)

select * from account_deals
