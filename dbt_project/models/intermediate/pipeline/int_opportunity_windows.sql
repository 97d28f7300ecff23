with

history as (select * from {{ ref('int_opportunity_history') }}),

periods as (select * from {{ ref('int_periods') }}),

-- An opportunity matters to a period whose window holds its close date, at the opening or closing.
windows as (

    select distinct
        history.opportunity_key,
        periods.*,
    from history
    inner join periods
        on
            history.close_date between periods.period_start_date and periods.period_end_date
            and history.valid_from < periods.closing_at
            and (history.valid_to >= periods.opening_at or history.valid_to is null)
    where
        history.valid_from < periods.opening_at
        or history.valid_to >= periods.closing_at
        or history.valid_to is null

)

select * from windows
