-- A row here is a month of an account, or of a cohort, whose changes do not lead to what recurs.
with

account_months as (select * from {{ ref('mart_account_monthly') }}),

retention as (select * from {{ ref('mart_retention') }}),

account_changes as (

    select
        account_key,
        month_start_date,
        recurring_amount,
        coalesce(
            lag(recurring_amount) over (partition by account_key order by month_start_date), 0
        )
        + new_recurring_amount + expansion_amount - contraction_amount - churned_amount
            as expected_amount,
    from account_months

),

cohort_changes as (

    select
        cast(cohort_month_start_date as {{ dbt.type_string() }}) as account_key,
        month_start_date,
        recurring_amount,
        starting_amount + expansion_amount - contraction_amount - churned_amount
            as expected_amount,
    from retention

),

all_changes as (

    select * from account_changes

    union all

    select * from cohort_changes

)

select * from all_changes
where recurring_amount is distinct from expected_amount
