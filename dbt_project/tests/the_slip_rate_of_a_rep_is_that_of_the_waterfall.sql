-- A row here is a rep whose share of deals put off is another one than the waterfall's, or an owner
-- of whom the waterfall knows such deals and who has no row.
with

reps as (select * from {{ ref('mart_rep_performance') }} where period_type != 'year'),

waterfall as (select * from {{ ref('mart_pipeline_waterfall') }} where period_type != 'week'),

slips as (

    select
        period_type,
        period_start_date,
        owner_key as user_key,
        pushed_out_count,
        cast(pushed_out_count as double) / nullif(start_count, 0) as slip_rate,
    from waterfall
    where start_count > 0 and owner_key is not null

)

select
    coalesce(reps.period_type, slips.period_type) as period_type,
    coalesce(reps.period_start_date, slips.period_start_date) as period_start_date,
    coalesce(reps.user_key, slips.user_key) as user_key,
    reps.slip_rate,
    slips.slip_rate as expected_slip_rate,
from reps
full outer join slips
    on
        reps.period_type = slips.period_type
        and reps.period_start_date = slips.period_start_date
        and reps.user_key = slips.user_key
where
    coalesce(reps.slipped_count, 0) != coalesce(slips.pushed_out_count, 0)
    or reps.slip_rate is distinct from slips.slip_rate
