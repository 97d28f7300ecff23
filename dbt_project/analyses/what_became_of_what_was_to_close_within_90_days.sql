-- What became of what was to close within the last 90 days: how much was won, and where did
-- the rest go?
with

movements as (

    select *
    from {{ published('pipeline_waterfall_between') }}( -- noqa: PRS
        (select calendar_date - 89 from {{ published('dim_date') }} where is_as_of_date),
        (select calendar_date from {{ published('dim_date') }} where is_as_of_date)
    )

),

fates as (

    select
        entry,
        exit, -- noqa: RF04
        count(*) as opportunity_count,
        sum(won_amount) as won_amount,
        sum(lost_amount + pushed_out_amount + removed_amount) as gone_amount,
        sum(end_amount) as still_open_amount,
    from movements
    group by entry, exit

)

select * from fates
order by entry, exit
