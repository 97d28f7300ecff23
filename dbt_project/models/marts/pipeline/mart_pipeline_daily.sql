{%- set grain = [
    'owner_key', 'stage_key', 'stage_name', 'forecast_category', 'close_fiscal_quarter_start_date'
] | join(', ') -%}
with

stretches as (select * from {{ ref('int_pipeline_stretches_valued') }}),

dates as (select * from {{ ref('dim_date') }}),

-- Days are added up from what changes on them, so that an opportunity costs two rows however long
-- it stays open, and none is lost on a day on which nothing happens to it.
changes as (

    select
        {{ grain }},
        first_date as change_date,
        1 as open_count,
        coalesce(amount, 0) as open_amount,
        coalesce(weighted_amount, 0) as weighted_amount,
    from stretches

    union all

    select
        {{ grain }},
        until_date as change_date,
        -1 as open_count,
        -coalesce(amount, 0) as open_amount,
        -coalesce(weighted_amount, 0) as weighted_amount,
    from stretches

),

changed_days as (

    select
        {{ grain }},
        change_date,
        sum(open_count) as open_count,
        sum(open_amount) as open_amount,
        sum(weighted_amount) as weighted_amount,
    from changes
    group by {{ grain }}, change_date

),

levels as (

    select
        {{ grain }},
        change_date as first_date,
        lead(change_date) over days as until_date,
        sum(open_count) over days as open_count,
        sum(open_amount) over days as open_amount,
        sum(weighted_amount) over days as weighted_amount,
    from changed_days
    window days as (partition by {{ grain }} order by change_date)

),

pipeline_days as (

    select
        dates.calendar_date as snapshot_date,
        levels.owner_key,
        levels.stage_key,
        levels.stage_name,
        levels.forecast_category,
        levels.close_fiscal_quarter_start_date,
        cast(levels.open_count as bigint) as open_count,
        cast(levels.open_amount as decimal(38, 2)) as open_amount,
        cast(levels.weighted_amount as decimal(38, 6)) as weighted_amount,
    from levels
    inner join dates
        on
            levels.first_date <= dates.calendar_date
            and levels.until_date > dates.calendar_date
    where levels.open_count > 0

)

select * from pipeline_days
