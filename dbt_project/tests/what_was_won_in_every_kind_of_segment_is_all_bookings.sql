-- A row here is a period and kind of segment whose wins or losses are not those of all deals.
with

win_loss as (select * from {{ ref('mart_win_loss') }}),

periods as (select * from {{ ref('int_periods') }} where period_type != 'week'),

opportunities as (select * from {{ ref('fct_opportunity') }} where is_closed),

all_deals as (

    select
        periods.period_type,
        periods.period_start_date,
        coalesce(
            sum(case when opportunities.is_won then opportunities.amount end), 0
        ) as won_amount,
        coalesce(sum(opportunities.amount), 0) as closed_amount,
        count(*) as closed_count,
    from opportunities
    inner join periods
        on opportunities.close_date between periods.period_start_date and periods.last_seen_date
    group by periods.period_type, periods.period_start_date

),

segment_deals as (

    select
        period_type,
        period_start_date,
        segment_type,
        sum(won_amount) as won_amount,
        sum(won_amount + lost_amount) as closed_amount,
        sum(won_count + lost_count) as closed_count,
    from win_loss
    group by period_type, period_start_date, segment_type

)

select
    segment_deals.*,
    all_deals.won_amount as all_won_amount,
from all_deals
full outer join segment_deals
    on
        all_deals.period_type = segment_deals.period_type
        and all_deals.period_start_date = segment_deals.period_start_date
where
    all_deals.won_amount is distinct from segment_deals.won_amount
    or all_deals.closed_amount is distinct from segment_deals.closed_amount
    or all_deals.closed_count is distinct from segment_deals.closed_count
