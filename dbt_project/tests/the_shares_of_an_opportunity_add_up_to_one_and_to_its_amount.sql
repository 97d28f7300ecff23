-- A row here is an opportunity of which an attribution model gives away more or less than all.
with

attribution as (select * from {{ ref('fct_attribution') }}),

opportunities as (select * from {{ ref('fct_opportunity') }}),

shared_opportunities as (

    select
        opportunity_key,
        attribution_model,
        sum(weight) as weight,
        min(weight) as least_weight,
        sum(attributed_amount) as attributed_amount,
    from attribution
    group by opportunity_key, attribution_model

)

select
    shared_opportunities.*,
    opportunities.amount,
from shared_opportunities
left join opportunities
    on shared_opportunities.opportunity_key = opportunities.opportunity_key
where
    abs(shared_opportunities.weight - 1) > 0.000000001
    or shared_opportunities.least_weight < 0
    or shared_opportunities.attributed_amount is distinct from opportunities.amount
