with

history as (select * from {{ ref('int_opportunity_history') }}),

activities as (select * from {{ ref('fct_activity') }}),

quotas as (select * from {{ ref('fct_quota') }}),

ad_days as (select * from {{ ref('fct_ad_performance_daily') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

needed_dates as (

    select as_of_date as needed_date
    from as_of

    union all

    select {{ to_business_date('valid_from') }} as needed_date
    from history

    union all

    select close_date as needed_date
    from history

    union all

    select coalesce(done_date, due_date) as needed_date
    from activities

    union all

    select month_start_date as needed_date
    from quotas

    union all

    select ad_date as needed_date
    from ad_days

),

-- A slip of the pen, such as a close date in 2203, must not make a calendar of centuries.
likely_dates as (

    select needed_dates.needed_date
    from needed_dates
    cross join as_of
    where
        needed_dates.needed_date >= {{ date_plus('as_of.as_of_date', -30, 'year') }}
        and needed_dates.needed_date <= {{ date_plus('as_of.as_of_date', 10, 'year') }}

),

calendar_span as (

    select
        {{ fiscal_year_start('min(needed_date)') }} as first_date,
        {{
            date_plus(date_plus(fiscal_year_start('max(needed_date)'), 2, 'year'), -1)
        }} as last_date,
    from likely_dates

)

select * from calendar_span
