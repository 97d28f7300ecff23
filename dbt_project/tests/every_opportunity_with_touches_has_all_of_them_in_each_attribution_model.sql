-- A row here is an opportunity with another number of touches in a model than it has.
with

attribution as (select * from {{ ref('fct_attribution') }}),

opportunities as (select * from {{ ref('fct_opportunity') }} where touch_count > 0),

models as (select distinct attribution_model from attribution),

counted_touches as (

    select
        opportunity_key,
        attribution_model,
        count(*) as touch_count,
    from attribution
    group by opportunity_key, attribution_model

)

select
    opportunities.opportunity_key,
    models.attribution_model,
    opportunities.touch_count as expected_count,
    counted_touches.touch_count,
from opportunities
cross join models
left join counted_touches
    on
        opportunities.opportunity_key = counted_touches.opportunity_key
        and models.attribution_model = counted_touches.attribution_model
where counted_touches.touch_count is distinct from opportunities.touch_count
