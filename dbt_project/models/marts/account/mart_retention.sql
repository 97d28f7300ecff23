with

account_months as (

    select * from {{ ref('int_account_months') }}
    where recurring_amount is not null

),

-- An account's cohort is the first month at whose end something recurred.
cohorts as (

    select
        account_key,
        month_start_date as cohort_month_start_date,
        recurring_amount as starting_amount,
    from account_months
    where recurring_amount > 0
    qualify row_number() over (partition by account_key order by month_start_date) = 1

),

cohort_months as (

    select
        cohorts.cohort_month_start_date,
        account_months.month_start_date,
        cohorts.starting_amount,
        account_months.recurring_amount,
        greatest(account_months.recurring_amount, 0) as kept_amount,
    from cohorts
    inner join account_months
        on
            cohorts.account_key = account_months.account_key
            and cohorts.cohort_month_start_date <= account_months.month_start_date

),

cohort_figures as (

    select
        cohort_month_start_date,
        month_start_date,
        count(*) as account_count,
        count(case when recurring_amount > 0 then 1 end) as retained_account_count,
        sum(starting_amount) as starting_amount,
        sum(greatest(recurring_amount - starting_amount, 0)) as expansion_amount,
        sum(
            case
                when recurring_amount > 0 then greatest(starting_amount - recurring_amount, 0)
                else 0
            end
        ) as contraction_amount,
        sum(
            case when recurring_amount > 0 then 0 else starting_amount - recurring_amount end
        ) as churned_amount,
        sum(recurring_amount) as recurring_amount,
        sum(least(kept_amount, starting_amount)) as retained_amount,
    from cohort_months
    group by cohort_month_start_date, month_start_date

),

retention as (

    select
        cohort_month_start_date,
        month_start_date,
        {{ dbt.datediff('cohort_month_start_date', 'month_start_date', 'month') }}
            as months_since_start,

        account_count,
        retained_account_count,

        cast(starting_amount as decimal(38, 2)) as starting_amount,
        cast(expansion_amount as decimal(38, 2)) as expansion_amount,
        cast(contraction_amount as decimal(38, 2)) as contraction_amount,
        cast(churned_amount as decimal(38, 2)) as churned_amount,
        cast(recurring_amount as decimal(38, 2)) as recurring_amount,

        {{ ratio('recurring_amount', 'starting_amount') }} as net_revenue_retention_rate,
        {{ ratio('retained_amount', 'starting_amount') }} as gross_revenue_retention_rate,
        {{ ratio('retained_account_count', 'account_count') }} as account_retention_rate,
    from cohort_figures

)

select * from retention
