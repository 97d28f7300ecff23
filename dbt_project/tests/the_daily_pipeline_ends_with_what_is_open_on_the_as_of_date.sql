-- A failure means that the daily pipeline and fct_opportunity tell two stories of the same day.
with

pipeline_days as (select * from {{ ref('mart_pipeline_daily') }}),

opportunities as (select * from {{ ref('fct_opportunity') }}),

last_day as (

    select
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(open_amount), 0) as open_amount,
        coalesce(sum(weighted_amount), 0) as weighted_amount,
    from pipeline_days
    where snapshot_date = {{ as_of_date() }}

),

open_opportunities as (

    select
        count(*) as open_count,
        coalesce(sum(amount), 0) as open_amount,
        coalesce(sum(cast(amount as decimal(28, 2)) * probability), 0) as weighted_amount,
    from opportunities
    where not is_closed and forecast_category <> 'Omitted'

)

select
    last_day.open_count,
    last_day.open_amount,
    last_day.weighted_amount,
    open_opportunities.open_count as expected_count,
    open_opportunities.open_amount as expected_amount,
    open_opportunities.weighted_amount as expected_weighted_amount,
from last_day
cross join open_opportunities
where
    last_day.open_count <> open_opportunities.open_count
    or last_day.open_amount <> open_opportunities.open_amount
    or last_day.weighted_amount <> open_opportunities.weighted_amount
