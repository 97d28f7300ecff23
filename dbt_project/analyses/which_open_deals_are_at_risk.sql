-- Which open deals of this quarter and the next are at risk, why, and how much is at stake?
with

today as (select * from {{ published('dim_date') }} where is_as_of_date),

deals as (select * from {{ published('mart_deal_health') }} where signal_count >= 2),

users as (select * from {{ published('dim_user') }}),

risks as (

    select
        deals.opportunity_key,
        deals.opportunity_name,
        users.user_name as owner_name,
        deals.stage_name,
        deals.close_date,
        deals.at_risk_amount,
        deals.signal_count,
        deals.past_due_days,
        deals.push_count,
        deals.silent_days,
        deals.days_in_stage,
    from deals
    cross join today
    left join users on deals.owner_key = users.user_key
    where deals.close_date <= {{ dbt.dateadd('month', 3, 'today.fiscal_quarter_end_date') }}

)

select * from risks
order by at_risk_amount desc nulls last, opportunity_key asc
