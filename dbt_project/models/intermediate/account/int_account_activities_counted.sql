with

activities as (select * from {{ ref('int_activities_listed') }} where is_done),

account_opportunities as (select * from {{ ref('int_account_opportunities') }}),

merged_accounts as (select * from {{ ref('int_accounts_merged') }}),

-- What was done for an opportunity was done for its account.
account_activities as (

    select
        coalesce(
            merged_accounts.survivor_account_key,
            activities.account_key,
            account_opportunities.account_key
        ) as account_key,
        activities.done_date,
    from activities
    left join merged_accounts
        on activities.account_key = merged_accounts.account_key
    left join account_opportunities
        on activities.opportunity_key = account_opportunities.opportunity_key

),

counted_activities as (

    select
        account_key,
        count(*) as activity_count,
        count(
            case when done_date > {{ date_plus(as_of_date(), -90) }} then 1 end
        ) as activity_count_last_90_days,
        max(done_date) as last_activity_date,
    from account_activities
    where account_key is not null
    group by account_key

)

select * from counted_activities
