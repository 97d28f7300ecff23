-- A row here is a stage whose open opportunities, or stuck ones, are others than those listed.
with

ageing as (select * from {{ ref('mart_stage_ageing') }}),

deals as (select * from {{ ref('mart_deal_health') }} where forecast_category != 'Omitted'),

listed as (

    select
        stage_key,
        count(*) as open_count,
        coalesce(sum(amount), 0) as open_amount,
        count(case when is_stuck then 1 end) as stuck_count,
        coalesce(sum(case when is_stuck then amount end), 0) as stuck_amount,
    from deals
    group by stage_key

)

select
    coalesce(ageing.stage_key, listed.stage_key) as stage_key,
    ageing.open_amount,
    listed.open_amount as listed_amount,
from ageing
full outer join listed
    on ageing.stage_key = listed.stage_key
where
    coalesce(ageing.open_count, 0) != coalesce(listed.open_count, 0)
    or coalesce(ageing.open_amount, 0) != coalesce(listed.open_amount, 0)
    or coalesce(ageing.stuck_count, 0) != coalesce(listed.stuck_count, 0)
    or coalesce(ageing.stuck_amount, 0) != coalesce(listed.stuck_amount, 0)
