with

opportunities as (select * from {{ ref('int_opportunity_outcomes') }}),

credit_paths as (select * from {{ ref('int_credit_paths') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

-- A close date still to come is not booked yet.
closed_deals as (

    select
        periods.period_type,
        periods.period_start_date,
        opportunities.owner_at_close_key,
        opportunities.closed_at,
        coalesce(opportunities.amount, 0) as amount,
        opportunities.sales_cycle_days,
        opportunities.is_won,
    from opportunities
    inner join periods
        on opportunities.close_date between periods.period_start_date and periods.last_seen_date
    where opportunities.is_closed

),

credited_deals as (

    select
        credit_paths.credit_scope,
        closed_deals.period_type,
        closed_deals.period_start_date,
        credit_paths.node_key as user_key,

        sum(case when closed_deals.is_won then closed_deals.amount else 0 end) as bookings_amount,
        sum(case when closed_deals.is_won then 0 else closed_deals.amount end) as lost_amount,
        count(case when closed_deals.is_won then 1 end) as won_count,
        count(case when not closed_deals.is_won then 1 end) as lost_count,
        avg(
            case when closed_deals.is_won then closed_deals.sales_cycle_days end
        ) as sales_cycle_days_average,
        median(
            case when closed_deals.is_won then closed_deals.sales_cycle_days end
        ) as sales_cycle_days_median,
    from closed_deals
    inner join credit_paths
        on
            closed_deals.owner_at_close_key = credit_paths.user_key
            and {{ held_at('credit_paths', 'closed_deals.closed_at') }}
    group by
        credit_paths.credit_scope,
        closed_deals.period_type,
        closed_deals.period_start_date,
        credit_paths.node_key

)

select * from credited_deals
