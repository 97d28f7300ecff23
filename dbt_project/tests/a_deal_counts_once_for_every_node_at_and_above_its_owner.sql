-- A row here is a period whose nodes together have other bookings or losses than all opportunities,
-- each taken once for its owner and once for everybody above at the close.
with

opportunities as (select * from {{ ref('fct_opportunity') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

manager_paths as (select * from {{ ref('int_manager_paths') }}),

nodes as (select * from {{ ref('mart_team_performance') }}),

all_credits as (

    select
        periods.period_type,
        periods.period_start_date,
        sum(case when opportunities.is_won then opportunities.amount end) as bookings_amount,
        count(
            coalesce(manager_paths.node_key, opportunities.owner_at_close_key)
        ) as closed_count,
    from opportunities
    inner join periods
        on opportunities.close_date between periods.period_start_date and periods.last_seen_date
    left join manager_paths
        on
            opportunities.owner_at_close_key = manager_paths.user_key
            and {{ held_at('manager_paths', 'opportunities.closed_at') }}
    where opportunities.is_closed and opportunities.owner_at_close_key is not null
    group by periods.period_type, periods.period_start_date

),

all_nodes as (

    select
        period_type,
        period_start_date,
        sum(bookings_amount) as bookings_amount,
        sum(won_count + lost_count) as closed_count,
    from nodes
    group by period_type, period_start_date

)

select
    coalesce(all_credits.period_type, all_nodes.period_type) as period_type,
    coalesce(all_credits.period_start_date, all_nodes.period_start_date) as period_start_date,
    all_credits.bookings_amount as deals_amount,
    all_nodes.bookings_amount as nodes_amount,
from all_credits
full outer join all_nodes
    on
        all_credits.period_type = all_nodes.period_type
        and all_credits.period_start_date = all_nodes.period_start_date
where
    coalesce(all_credits.bookings_amount, 0) != coalesce(all_nodes.bookings_amount, 0)
    or coalesce(all_credits.closed_count, 0) != coalesce(all_nodes.closed_count, 0)
