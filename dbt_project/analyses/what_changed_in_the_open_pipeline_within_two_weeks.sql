-- What changed in the open pipeline within the last two weeks, deal by deal?
with

before as (

    select *
    from {{ published('pipeline_as_of') }}( -- noqa: PRS
        (select calendar_date - 14 from {{ published('dim_date') }} where is_as_of_date)
    )

),

now as (

    select *
    from {{ published('pipeline_as_of') }}( -- noqa: PRS
        (select calendar_date from {{ published('dim_date') }} where is_as_of_date)
    )

),

changes as (

    select
        coalesce(before.opportunity_key, now.opportunity_key) as opportunity_key,
        before.stage_name as stage_before,
        now.stage_name as stage_now,
        before.close_date as close_date_before,
        now.close_date as close_date_now,
        coalesce(now.amount, 0) - coalesce(before.amount, 0) as amount_change,
    from before
    full join now on before.opportunity_key = now.opportunity_key
    where
        (before.stage_key, before.close_date, before.amount)
        is distinct from (now.stage_key, now.close_date, now.amount)

)

select * from changes
order by abs(amount_change) desc, opportunity_key asc
