with

outcomes as (select * from {{ ref('int_opportunity_outcomes') }} where is_won),

credit_paths as (select * from {{ ref('int_credit_paths') }} where credit_scope = 'team'),

-- A close date still to come is not booked yet.
credited_days as (

    select
        credit_paths.node_key as user_key,
        outcomes.close_date,
        coalesce(sum(outcomes.amount), 0) as bookings_amount,
        count(*) as won_count,
    from outcomes
    inner join credit_paths
        on
            outcomes.owner_at_close_key = credit_paths.user_key
            and {{ held_at('credit_paths', 'outcomes.closed_at') }}
    where outcomes.close_date <= {{ as_of_date() }}
    group by credit_paths.node_key, outcomes.close_date

)

select * from credited_days
