with

history as (select * from {{ ref('int_opportunity_history') }}),

as_of as (select as_of_date from {{ ref('int_as_of_date') }}),

needed_dates as (

    select
        as_of_date as needed_date,
        false as is_date_of_change,
    from as_of

    union all

    select
        {{ to_business_date('valid_from') }} as needed_date,
        true as is_date_of_change,
    from history

    union all

    select
        close_date as needed_date,
        false as is_date_of_change,
    from history

),

-- A slip of the pen, such as a close date in 2203 or a creation in 1970, must not make a calendar
-- of many decades.
likely_dates as (

    select needed_dates.*
    from needed_dates
    cross join as_of
    where
        needed_dates.needed_date >= {{ date_plus('as_of.as_of_date', -30, 'year') }}
        and needed_dates.needed_date <= {{ date_plus('as_of.as_of_date', 10, 'year') }}

),

-- Two fiscal years more on either side leave room for activities, quotas and advertising, whose
-- tables the calendar does not wait for.
calendar_span as (

    select
        {{ date_plus(fiscal_year_start('min(needed_date)'), -2, 'year') }} as first_date,
        {{
            date_plus(date_plus(fiscal_year_start('max(needed_date)'), 3, 'year'), -1)
        }} as last_date,
        min(case when is_date_of_change then needed_date end) as first_change_date,
    from likely_dates

)

select * from calendar_span
