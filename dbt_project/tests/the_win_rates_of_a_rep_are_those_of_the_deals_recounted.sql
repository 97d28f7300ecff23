-- A row here is a rep whose win rates are not won / (won + lost) of the deals of the period.
with

opportunities as (select * from {{ ref('fct_opportunity') }} where is_closed),

reps as (select * from {{ ref('mart_rep_performance') }}),

periods as (select * from {{ ref('int_periods') }}),

rates as (

    select
        reps.period_type,
        reps.period_start_date,
        reps.user_key,
        reps.win_rate,
        reps.win_rate_amount,
        avg(
            case when opportunities.is_won then 1.0 when not opportunities.is_won then 0.0 end
        ) as expected_win_rate,
        cast(
            sum(case when opportunities.is_won then opportunities.amount else 0 end) as double
        ) / nullif(sum(opportunities.amount), 0) as expected_win_rate_amount,
    from reps
    inner join periods
        on
            reps.period_type = periods.period_type
            and reps.period_start_date = periods.period_start_date
    left join opportunities
        on
            reps.user_key = opportunities.owner_at_close_key
            and opportunities.close_date
            between periods.period_start_date and periods.last_seen_date
    group by
        reps.period_type,
        reps.period_start_date,
        reps.user_key,
        reps.win_rate,
        reps.win_rate_amount

)

select * from rates
where
    (win_rate is null) != (expected_win_rate is null)
    or abs(win_rate - expected_win_rate) > 1e-9
    or (win_rate_amount is null) != (expected_win_rate_amount is null)
    or abs(win_rate_amount - expected_win_rate_amount) > 1e-9
