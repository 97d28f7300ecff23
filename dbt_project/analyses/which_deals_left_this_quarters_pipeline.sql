-- Which deals did this quarter lose from its pipeline, other than by winning them, and whose
-- were they?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

movements as (
    select * from {{ published('mart_pipeline_waterfall_opportunity') }}
    where period_type = 'quarter' and exit in ('lost', 'pushed_out', 'removed')
),

opportunities as (select * from {{ published('fct_opportunity') }}),

users as (select * from {{ published('dim_user') }}),

departures as (

    select
        movements.opportunity_key,
        opportunities.opportunity_name,
        users.user_name as owner_name,
        movements.exit, -- noqa: RF04
        movements.lost_amount + movements.pushed_out_amount + movements.removed_amount as amount,
        opportunities.close_date,
        opportunities.loss_reason,
    from movements
    inner join today on movements.period_start_date = today.fiscal_quarter_start_date
    -- What was deleted has left fct_opportunity, too.
    left join opportunities on movements.opportunity_key = opportunities.opportunity_key
    left join users on movements.owner_key = users.user_key

)

select * from departures
order by amount desc, opportunity_key asc
