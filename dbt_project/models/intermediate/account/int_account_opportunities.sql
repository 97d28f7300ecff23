with

outcomes as (select * from {{ ref('int_opportunity_outcomes') }} where account_key is not null),

opportunities as (select * from {{ ref('int_opportunities_described') }}),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

account_opportunities as (

    select
        outcomes.opportunity_key,
        coalesce(merged_accounts.survivor_account_key, outcomes.account_key) as account_key,

        opportunities.opportunity_type,
        outcomes.forecast_category,
        outcomes.probability,

        outcomes.amount,
        outcomes.currency_code,

        outcomes.created_date,
        outcomes.close_date,

        outcomes.is_closed,
        outcomes.is_won,
        -- A close date still to come is not booked yet.
        outcomes.is_closed and coalesce(outcomes.close_date <= {{ as_of_date() }}, false)
            as is_booked,
    from outcomes
    inner join opportunities
        on outcomes.opportunity_key = opportunities.opportunity_key
    left join merged_accounts
        on outcomes.account_key = merged_accounts.account_key

)

select * from account_opportunities
