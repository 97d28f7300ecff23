with

account_months as (select * from {{ ref('int_account_months') }}),

accounts as (select * from {{ ref('dim_account') }}),

previous_months as (

    select
        *,
        coalesce(
            lag(recurring_amount) over (partition by account_key order by month_start_date), 0
        ) as previous_amount,
    from account_months

),

changes as (

    select
        *,
        recurring_amount - previous_amount as change_amount,
        -- In this order: what was nothing is new, what is nothing now has churned.
        case
            when recurring_amount is null then null
            when recurring_amount = previous_amount then 'none'
            when previous_amount = 0 then 'new'
            when recurring_amount > previous_amount then 'expansion'
            when recurring_amount = 0 then 'churn'
            when recurring_amount < previous_amount then 'contraction'
        end as change_type,
    from previous_months

),

account_monthly as (

    select
        changes.account_key,
        accounts.account_name,
        changes.month_start_date,
        changes.month_end_date,

        changes.won_count,
        cast(changes.bookings_amount as decimal(38, 2)) as bookings_amount,
        cast(sum(changes.bookings_amount) over (
            partition by changes.account_key order by changes.month_start_date
        ) as decimal(38, 2)) as bookings_amount_to_date,

        cast(changes.recurring_amount as decimal(38, 2)) as recurring_amount,
        cast(
            case
                when changes.change_type = 'new' then changes.change_amount
                when changes.change_type is not null then 0
            end as decimal(38, 2)
        ) as new_recurring_amount,
        cast(
            case
                when changes.change_type = 'expansion' then changes.change_amount
                when changes.change_type is not null then 0
            end as decimal(38, 2)
        ) as expansion_amount,
        cast(
            case
                when changes.change_type = 'contraction' then -changes.change_amount
                when changes.change_type is not null then 0
            end as decimal(38, 2)
        ) as contraction_amount,
        cast(
            case
                when changes.change_type = 'churn' then -changes.change_amount
                when changes.change_type is not null then 0
            end as decimal(38, 2)
        ) as churned_amount,
    from changes
    left join accounts on changes.account_key = accounts.account_key

)

select * from account_monthly
