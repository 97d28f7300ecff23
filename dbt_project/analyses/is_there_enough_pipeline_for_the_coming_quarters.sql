-- Is there enough pipeline for this quarter and the coming ones, region by region?
with

pipeline as (

    select *
    from {{ published('pipeline_as_of') }}( -- noqa: PRS
        (select calendar_date from {{ published('dim_date') }} where is_as_of_date)
    )

),

users as (select * from {{ published('dim_user') }}),

coverage as (

    select
        pipeline.close_fiscal_quarter_start_date,
        coalesce(users.region, 'none') as region,
        count(*) as open_count,
        sum(pipeline.amount) as open_amount,
        sum(pipeline.weighted_amount) as weighted_amount,
        count(case when pipeline.forecast_category = 'Commit' then 1 end) as commit_count,
    from pipeline
    left join users on pipeline.owner_key = users.user_key
    group by pipeline.close_fiscal_quarter_start_date, coalesce(users.region, 'none')

)

select * from coverage
order by close_fiscal_quarter_start_date, region
